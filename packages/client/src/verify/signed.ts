/** Headers of any kind: of the web platform, or of Node, in any spelling. */
export type RequestHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>

/** One value; undefined where the header is missing, empty or there more than once. */
export function headerOf(headers: RequestHeaders, name: string): string | undefined {
  if (isPlatform(headers)) return headers.get(name) || undefined
  const values = Object.entries(headers)
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value ?? [])
  return values.length === 1 ? values[0] || undefined : undefined
}

function isPlatform(headers: RequestHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function'
}

/** The body exactly as it arrived. */
export type RawBody = string | Uint8Array | ArrayBuffer

const encoder = new TextEncoder()

/**
 * @throws TypeError for a body that was parsed already: written again, it would be other bytes
 */
export function bodyBytes(body: RawBody): Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return encoder.encode(body)
  if (ArrayBuffer.isView(body)) return new Uint8Array(body)
  // Of another realm, as in a test runner or an edge runtime, an ArrayBuffer is no `instanceof`.
  if (Object.prototype.toString.call(body) === '[object ArrayBuffer]') return new Uint8Array(body)
  throw new TypeError('Give the raw body, as text or bytes: a parsed one fits no signature')
}

/** What the signature is over: `<id>.<timestamp>.<body>`. */
export function signedBytes(
  id: string,
  timestamp: string,
  body: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const head = encoder.encode(`${id}.${timestamp}.`)
  const bytes = new Uint8Array(head.length + body.length)
  bytes.set(head)
  bytes.set(body, head.length)
  return bytes
}
