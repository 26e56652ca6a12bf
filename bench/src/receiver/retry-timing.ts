import type { Socket } from 'node:net'
import { type Latency, latencyOf } from '../measure/latency.ts'
import { machineMs } from '../process/clock.ts'
import { deliveryId, Requests } from './requests.ts'

// A subscriber that fails each delivery once and times when it comes again.

const FAILED = Buffer.from('HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n')
const OK = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')

const failedAtMs = new Map<string, number>()
let againAfterMs: number[] = []

export const retryTiming = {
  subscriber(socket: Socket): void {
    const requests = new Requests((_, bytes, headEnd) => {
      const id = deliveryId(bytes, headEnd) ?? ''
      const before = failedAtMs.get(id)
      if (before === undefined) {
        failedAtMs.set(id, machineMs())
        socket.write(FAILED)
      } else {
        againAfterMs.push(machineMs() - before)
        socket.write(OK)
      }
    })
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => requests.push(chunk as Buffer))
  },
  /** What came again since the last call of `take`. */
  count: (): number => againAfterMs.length,
  /** From the answer that failed to the next request, and the shortest of them. */
  take(): Latency & { readonly min: number } {
    const taken = againAfterMs
    againAfterMs = []
    failedAtMs.clear()
    return { ...latencyOf(taken), min: taken[0] ?? Number.NaN }
  },
}
