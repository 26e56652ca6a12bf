import { Dial, type DialOptions, type DialTarget } from './dial.ts'
import { DialError } from './dial-error.ts'
import type { EgressError } from './egress/egress-error.ts'
import type { AttemptTimings } from './result.ts'
import { timingsOf } from './timings.ts'

export const PROBE_OUTCOMES = ['success', 'dns', 'blocked', 'connect', 'tls', 'timeout'] as const

export interface ProbeResult {
  /** Where it ended; `timeout` in the stage that has come last in `timings`. */
  readonly outcome: (typeof PROBE_OUTCOMES)[number]
  /** Safe for tenants: no address. */
  readonly error?: string
  readonly timings: Pick<AttemptTimings, 'dnsMs' | 'connectMs' | 'tlsMs'>
}

/**
 * Makes the connection that an attempt would make, under the same address policy, and closes it before a
 * byte of HTTP is sent. Rejects with EgressError.
 */
export function probe(
  url: { readonly origin: string; readonly hostname: string },
  options: DialOptions,
  timeoutMs: number,
): Promise<ProbeResult> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: ProbeResult['outcome'], error?: string) => {
      clearTimeout(timer)
      const marks = { dialed: dial.measured(), sentAt: 0, headersAt: 0, endedAt: 0, reused: false }
      const { reused: _, ...timings } = timingsOf(marks)
      resolve({ outcome, timings, ...(error === undefined ? {} : { error }) })
    }
    const dial = new Dial(targetOf(url), options, (error, socket) => {
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
      const { stage } = dial
      const message = `${STAGES[stage]} within ${timeoutMs} ms`
      if (ours) fail(ours)
      else settle('timeout', message)
      dial.cancel()
    }, timeoutMs)
  })
}

const STAGES = {
  dns: 'The host name was not resolved',
  proxy: 'The egress proxy was not reached',
  tunnel: 'The egress proxy opened no connection',
  connect: 'No connection was made',
  tls: 'The TLS handshake did not end',
} as const

function targetOf({ origin, hostname }: { origin: string; hostname: string }): DialTarget {
  const { protocol, port } = new URL(origin)
  const secure = protocol === 'https:'
  return { hostname, secure, port: Number(port) || (secure ? 443 : 80) }
}
