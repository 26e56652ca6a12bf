import { TIME_MARK, TIME_WIDTH } from '../load/payload.ts'

const HEAD_END = Buffer.from('\r\n\r\n')
const LENGTH = Buffer.from('content-length: ')
const MARK = Buffer.from(TIME_MARK)
const NOTHING = Buffer.alloc(0)
const DELIVERY = Buffer.from('posthorn-delivery-id: ')
const CR = 13

/** The request's bytes are the caller's only until it returns; its head ends at `headEnd`. */
type OnRequest = (dueMs: number, bytes: Buffer, headEnd: number) => void

/**
 * Cuts a connection's bytes into requests and reads nothing of them but their length and the time in
 * their body. It knows the senders here (lower-case headers, no chunked bodies) and no others.
 */
export class Requests {
  #rest: Buffer = NOTHING
  readonly #onRequest: OnRequest

  constructor(onRequest: OnRequest) {
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
      this.#onRequest(Number(bytes.toString('latin1', at, at + TIME_WIDTH)), bytes, headEnd)
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

/** Undefined where the head names none. */
export function deliveryId(bytes: Buffer, headEnd: number): string | undefined {
  const at = bytes.indexOf(DELIVERY)
  if (at < 0 || at > headEnd) return undefined
  return bytes.toString('latin1', at + DELIVERY.length, bytes.indexOf(CR, at))
}
