import { isUtf8 } from 'node:buffer'

/** A request as it arrived. */
export interface Arrival {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The raw body. */
  readonly body: Buffer
  /** The body as JSON, parsed once; undefined for what is none. */
  json(): unknown
}

/** @throws TypeError for a body that was parsed already: written again, it would be other bytes */
export function arrivalOf(headers: Arrival['headers'], body: Uint8Array): Arrival {
  if (!ArrayBuffer.isView(body)) {
    throw new TypeError('Give the raw body as bytes: a parsed one fits no signature')
  }
  let parsed: { readonly value: unknown } | undefined
  return {
    headers,
    body: Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    json() {
      parsed ??= { value: parse(this.body) }
      return parsed.value
    },
  }
}

/** A byte order mark is no JSON: who puts the bytes between others would have it in the middle. */
function parse(body: Buffer): unknown {
  if (!isUtf8(body)) return undefined
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

/** One value; undefined where the header is missing, empty or there more than once. */
export function header({ headers }: Pick<Arrival, 'headers'>, name: string): string | undefined {
  const value = headers[name]
  if (typeof value === 'string') return value || undefined
  return value?.length === 1 ? value[0] || undefined : undefined
}

/** A text at a path of the JSON body, e.g. `event`, `type`; numbers count as text. */
export function field(arrival: Arrival, ...path: string[]): string | undefined {
  let value = arrival.json()
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}
