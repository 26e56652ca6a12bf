import type { Socket } from 'node:net'

/** Most bytes of an answer's header fields. */
export const MAX_HEADER_BYTES = 32 * 1024

/**
 * Most bytes of one answer, whatever they are. Headers (32 KiB) and body (16 KiB, each byte maybe
 * a chunk of its own) fit; endless informational answers, reason phrases or chunk extensions,
 * which no parser counts, do not.
 */
export const MAX_RESPONSE_BYTES = 256 * 1024

/** The peer broke HTTP in a way that undici's parser does not see. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
}

const PREFIX = Buffer.from('HTTP/1.')
/** `HTTP/1.1 100` */
const STATUS_AT = 9
const STATUS_END = 12
const END_OF_HEADERS = Buffer.from('\r\n\r\n')

/**
 * Stands between a socket and undici's parser, which it feeds through `read()`:
 *
 *   expect() ─▶ start ─┬─ 1xx ─▶ dropped, start again
 *                      ├─ 101 ─▶ AnswerError
 *                      └─ else ─▶ passed on unchanged until the next expect()
 *
 * Why: RFC 9110, 15.2 has a client accept informational answers it did not ask for; undici 8.12
 * takes an unsolicited 100 for a broken connection (client-h1.js, onHeadersComplete).
 */
export class ResponseGuard {
  /** Bytes received since expect(), decrypted. */
  bytes = 0
  readonly #socket: Socket
  readonly #read: () => Buffer | null
  #atStart = false
  #held: Buffer | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    this.#read = socket.read.bind(socket)
    socket.read = () => this.#next()
  }

  /** A request is about to be written: the next bytes begin its answer. */
  expect(): void {
    this.bytes = 0
    this.#atStart = true
    this.#held = undefined
  }

  #next(): Buffer | null {
    for (;;) {
      const chunk = this.#read()
      if (chunk === null) return null
      this.bytes += chunk.length
      if (this.bytes > MAX_RESPONSE_BYTES) return this.#refuse('The answer is too large')
      if (!this.#atStart) return chunk
      const rest = this.#start(chunk)
      if (rest !== undefined) return rest
    }
  }

  /** What the parser may see of a chunk at the start of an answer; undefined if more is needed. */
  #start(chunk: Buffer): Buffer | null | undefined {
    let bytes = this.#held ? Buffer.concat([this.#held, chunk]) : chunk
    this.#held = undefined
    while (bytes.length >= STATUS_END && isInformational(bytes)) {
      if (bytes.toString('latin1', STATUS_AT, STATUS_END) === '101') {
        return this.#refuse('The answer switches protocols')
      }
      const end = bytes.indexOf(END_OF_HEADERS)
      if (end === -1) break
      bytes = bytes.subarray(end + END_OF_HEADERS.length)
    }
    const undecided = bytes.length < STATUS_END ? couldBeHttp(bytes) : isInformational(bytes)
    if (undecided) {
      if (bytes.length > MAX_HEADER_BYTES) return this.#refuse('The answer is too large')
      this.#held = bytes
      return undefined
    }
    this.#atStart = false
    return bytes
  }

  #refuse(message: string): null {
    this.#socket.destroy(new AnswerError(message))
    return null
  }
}

function couldBeHttp(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, PREFIX.length)
  return bytes.compare(PREFIX, 0, length, 0, length) === 0
}

function isInformational(bytes: Buffer): boolean {
  return couldBeHttp(bytes) && bytes[STATUS_AT - 1] === 0x20 && bytes[STATUS_AT] === 0x31
}
