import { isUtf8 } from 'node:buffer'

/**
 * Splits a JSON object into its top-level fields without touching the bytes of one of them: `data` is
 * delivered as it was published, with its key order, number spelling and escapes. `JSON.parse` judges
 * the grammar, so the scanner below may rely on it.
 */
export interface Envelope {
  /** Every top-level field but `data`, parsed. */
  readonly fields: Readonly<Record<string, unknown>>
  /** The bytes of `data`; undefined when the envelope has none. */
  readonly data: Buffer | undefined
}

/** The bytes are not JSON in UTF-8, or repeat a top-level key. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError'
}

/** The bytes are JSON, but not of the kind that is expected. */
export class EnvelopeKindError extends Error {
  override readonly name = 'EnvelopeKindError'
}

const NEWLINE = 0x0a
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** @throws EnvelopeError or EnvelopeKindError for what is not one JSON object with unique keys */
export function parseEnvelope(bytes: Buffer): Envelope {
  const parsed = parseObject(bytes)
  const fields: Record<string, unknown> = Object.create(null)
  const seen = new Set<string>()
  let data: Buffer | undefined
  let at = skipSpace(bytes, 0) + 1 // Behind the opening brace.
  for (;;) {
    at = skipSpace(bytes, at)
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1)
    if (bytes[at] === CLOSE_BRACE) break
    const keyEnd = skipValue(bytes, at)
    const key = JSON.parse(bytes.toString('utf8', at, keyEnd)) as string
    if (seen.has(key)) throw new EnvelopeError(`The key ${JSON.stringify(key)} is repeated.`)
    seen.add(key)
    const start = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1) // Behind the colon.
    at = skipValue(bytes, start)
    if (key === 'data') data = bytes.subarray(start, at)
    else fields[key] = parsed[key]
  }
  return { fields, data }
}

function parseValue(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new EnvelopeError('The body is not valid UTF-8.')
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new EnvelopeError('The body is not valid JSON.', { cause })
  }
}

function parseObject(bytes: Buffer): Record<string, unknown> {
  const parsed = parseValue(bytes)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new EnvelopeKindError('Expected a JSON object')
  }
  return parsed as Record<string, unknown>
}

/**
 * The bytes of each element of a JSON array. Elements are found by their brackets and quotes only:
 * whoever parses each of them has judged the grammar of the whole. Of more than `limit` elements the
 * first `limit + 1` are returned, and what follows is not looked at.
 * @throws EnvelopeError for what is not an array of values separated by single commas, and
 * EnvelopeKindError for other JSON
 */
export function splitArray(bytes: Buffer, limit: number): Buffer[] {
  let at = skipSpace(bytes, 0)
  if (bytes[at] !== OPEN_BRACKET) {
    parseValue(bytes)
    throw new EnvelopeKindError('Expected a JSON array')
  }
  at = skipSpace(bytes, at + 1)
  const elements: Buffer[] = []
  if (bytes[at] !== CLOSE_BRACKET) {
    for (;;) {
      const end = skipValue(bytes, at)
      if (end === at) throw new EnvelopeError('The body is not valid JSON.')
      elements.push(bytes.subarray(at, end))
      if (elements.length > limit) return elements
      at = skipSpace(bytes, end)
      if (bytes[at] === CLOSE_BRACKET) break
      if (bytes[at] !== COMMA) throw new EnvelopeError('The body is not valid JSON.')
      at = skipSpace(bytes, at + 1)
    }
  }
  if (skipSpace(bytes, at + 1) !== bytes.length) {
    throw new EnvelopeError('The body is not valid JSON.')
  }
  return elements
}

/** The lines of NDJSON that are not blank, up to `limit + 1` of them. */
export function splitLines(bytes: Buffer, limit: number): Buffer[] {
  const lines: Buffer[] = []
  // The space before a line may span any number of blank ones: each byte is looked at only once.
  let start = skipSpace(bytes, 0)
  while (start < bytes.length && lines.length <= limit) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline === -1 ? bytes.length : newline
    lines.push(bytes.subarray(start, end))
    start = skipSpace(bytes, end)
  }
  return lines
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  for (;;) {
    const byte = bytes[at]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at
    at++
  }
}

/** Behind the value that starts at `at`. */
function skipValue(bytes: Buffer, at: number): number {
  const first = bytes[at]
  if (first === QUOTE) return skipString(bytes, at)
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return skipPrimitive(bytes, at)
  let depth = 0
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === QUOTE) i = skipString(bytes, i) - 1
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return i + 1
  }
  return bytes.length
}

function skipString(bytes: Buffer, at: number): number {
  for (let i = at + 1; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === BACKSLASH) i++
    else if (byte === QUOTE) return i + 1
  }
  return bytes.length
}

/** A number, true, false or null ends where structure or space begins. */
function skipPrimitive(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length) {
    const byte = bytes[at] as number
    if (byte <= 0x20 || byte === COMMA || byte === COLON) break
    if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) break
    at++
  }
  return at
}
