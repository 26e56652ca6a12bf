import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { ProblemError } from '@posthorn/shared/error/problem.ts'

export const JSON_TYPE = 'application/json'

/** JSON deeper than this is an attack on whoever walks it, not data. */
const MAX_DEPTH = 200

/**
 * The media type of the body, lower-case, or undefined when the request names none. Throws 415 when
 * it is none of `allowed`, in another charset than UTF-8, or compressed.
 */
export function mediaType(
  request: IncomingMessage,
  allowed: readonly string[],
): string | undefined {
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new ProblemError('unsupported_media_type', 'A compressed body is not understood.')
  }
  const header = request.headers['content-type']
  if (header === undefined) return undefined
  const [type = '', ...parameters] = header.toLowerCase().split(';')
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='))
  const utf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset)
  if (!utf8 || !allowed.includes(type.trim())) throw unsupported(allowed)
  return type.trim()
}

const unsupported = (allowed: readonly string[]) =>
  new ProblemError('unsupported_media_type', `Send ${allowed.join(' or ')} in UTF-8.`)

/**
 * Reads at most `maxBytes`. Rejects with 413 as soon as more is announced or comes (Node then
 * discards the rest, so that the client can finish and read the answer), 400 for a body cut short.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes)
    return Promise.reject(tooLarge(maxBytes))
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) stop(() => reject(tooLarge(maxBytes)))
      else chunks.push(chunk)
    }
    const onEnd = () =>
      stop(() => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
    const onCut = () =>
      stop(() => reject(new ProblemError('malformed_request', 'The body was cut short.')))
    const stop = (then: () => void) => {
      request.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut)
      request.on('error', () => undefined) // A later reset has nobody left to tell.
      then()
    }
    request.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut)
  })
}

const tooLarge = (maxBytes: number) =>
  new ProblemError('payload_too_large', `The body may have at most ${maxBytes} bytes.`)

/** Throws 400 `malformed_json` for what is no JSON, no UTF-8, empty, or nested too deeply. */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new ProblemError('malformed_json', 'The body is not valid UTF-8.')
  if (bytes.length === 0) throw new ProblemError('malformed_json', 'The body is empty.')
  if (isTooDeep(bytes)) {
    throw new ProblemError('malformed_json', `The body is nested deeper than ${MAX_DEPTH} levels.`)
  }
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown
  } catch (cause) {
    throw new ProblemError('malformed_json', 'The body is not valid JSON.', { cause })
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING = new Set([0x5b, 0x7b])
const CLOSING = new Set([0x5d, 0x7d])

function isTooDeep(bytes: Buffer): boolean {
  if (bytes.length <= 2 * MAX_DEPTH) return false
  let depth = 0
  let quoted = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number
    if (quoted) {
      if (byte === BACKSLASH) i++
      else if (byte === QUOTE) quoted = false
    } else if (byte === QUOTE) quoted = true
    else if (OPENING.has(byte)) {
      if (++depth > MAX_DEPTH) return true
    } else if (CLOSING.has(byte)) depth--
  }
  return false
}
