import { TIME_MARK, TIME_WIDTH } from '../load/payload.ts'

const HEAD_END = Buffer.from('\r\n\r\n')
const LENGTH = Buffer.from('content-length: ')
const MARK = Buffer.from(TIME_MARK)
const NOTHING = Buffer.alloc(0)
const CR = 13

/**
 * Cuts a connection's bytes into requests and reads nothing of them but their length and the time in
 * their body. It knows the senders here (lower-case headers, no chunked bodies) and no others.
 */
export class Requests {
  #rest: Buffer = NOTHING
  readonly #onRequest: (dueMs: number) => void

  constructor(onRequest: (dueMs: number) => void) {
    this.#onRequest = onRequest
  }

  push(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    while (bytes.length > 0) {
      const headEnd = bytes.indexOf(HEAD_END)
      if (headEnd < 0) break
      const bodyAt = headEnd + HEAD_END.length
      const end = bodyAt + contentLength(bytes, headEnd)
      if (bytes.length < end) break
      const at = bytes.indexOf(MARK, bodyAt) + MARK.length
      this.#onRequest(Number(bytes.toString('latin1', at, at + TIME_WIDTH)))
      bytes = bytes.subarray(end)
    }
    this.#rest = bytes
  }
}

function contentLength(bytes: Buffer, headEnd: number): number {
  let at = bytes.indexOf(LENGTH) + LENGTH.length
  if (at < LENGTH.length || at > headEnd) throw new Error('a request without content-length')
  let length = 0
  while (bytes[at] !== CR) length = length * 10 + (bytes[at++] as number) - 48
  return length
}
