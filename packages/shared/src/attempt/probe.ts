import type { WebhookUrl } from '../address/url.ts'
import { Dial, type DialOptions, type DialTimes, dialTarget } from './dial.ts'
import { CUT_SHORT, DialError } from './dial-error.ts'
import type { EgressError } from './egress/egress-error.ts'
import { dialTimings } from './timings.ts'

export const PROBE_OUTCOMES = ['success', 'dns', 'blocked', 'connect', 'tls', 'timeout'] as const

export interface ProbeResult {
  /** Where it ended; `timeout` in the stage that has come last in `timings`. */
  readonly outcome: (typeof PROBE_OUTCOMES)[number]
  /** Safe for tenants: no address. */
  readonly error?: string
  readonly timings: Readonly<DialTimes>
}

/**
 * Makes the connection that an attempt would make, under the same address policy, and closes it before a
 * byte of HTTP is sent. Rejects with EgressError.
 */
export function probe(
  { origin, hostname }: Pick<WebhookUrl, 'origin' | 'hostname'>,
  options: DialOptions,
  timeoutMs: number,
): Promise<ProbeResult> {
  const { protocol, port } = new URL(origin)
  const target = dialTarget({ protocol, hostname, port })
  return new Promise((resolve, reject) => {
    const settle = (outcome: ProbeResult['outcome'], error?: string) => {
      clearTimeout(timer)
      const timings = dialTimings(dial.measured())
      resolve({ outcome, timings, ...(error === undefined ? {} : { error }) })
    }
    const dial = new Dial(target, options, (error, socket) => {
      socket?.destroy()
      if (error === null) settle('success')
      else if (error instanceof DialError) settle(error.stage, error.message)
      else fail(error)
    })
    const fail = (error: EgressError) => {
      clearTimeout(timer)
      reject(error)
    }
    const timer = setTimeout(() => {
      const ours = dial.expired()
      if (ours) fail(ours)
      else settle('timeout', `${CUT_SHORT[dial.stage]} within ${timeoutMs} ms`)
      dial.cancel()
    }, timeoutMs)
  })
}
