import type { Socket } from 'node:net'
import { Requests } from './requests.ts'

// A subscriber that fails as it is told to, counted apart from those that are measured.

export interface Failure {
  readonly status: number
  /** Unix time that `Retry-After` names. */
  readonly retryAtMs?: number
}

const OK = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')

const headOf = ({ status, retryAtMs }: Failure): Buffer => {
  const after =
    retryAtMs === undefined ? '' : `retry-after: ${new Date(retryAtMs).toUTCString()}\r\n`
  return Buffer.from(`HTTP/1.1 ${status} No\r\n${after}content-length: 0\r\n\r\n`)
}

let answer = headOf({ status: 500 })
const counts = { failed: 0, succeeded: 0 }

export const failing = {
  subscriber(socket: Socket): void {
    const requests = new Requests(() => {
      counts[answer === OK ? 'succeeded' : 'failed']++
      socket.write(answer)
    })
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => requests.push(chunk as Buffer))
  },
  answerWith(failure: Failure | undefined): void {
    answer = failure ? headOf(failure) : OK
  },
  counts: () => ({ ...counts }),
}
