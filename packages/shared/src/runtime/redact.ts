const CENSORED = '***'
/** What is nested deeper is no field of a log line. */
const DEEPEST = 6

/**
 * Field names whose values never reach a log, however deep. The rule of the house is not to pass them at
 * all: payloads, secrets and headers stay out of log calls, and this catches what slips.
 */
const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'data',
  'body',
  'encryptionKeys',
  'headers',
  'key',
  'password',
  'payload',
  'requestHeaders',
  'responseBody',
  'responseHeaders',
  'rootKey',
  'secret',
  'secrets',
  'signature',
  'token',
])

/**
 * A line's fields without the values of secret ones; a copy, unless there is nothing to hide. Pino's own
 * `redact` copies a line once for each path with a wildcard: 80 µs with the 51 paths that three levels of
 * these names take, where this takes 1.
 */
export function redacted(fields: object): Record<string, unknown> {
  if (isPlain(fields) && isBare(fields as Record<string, unknown>)) {
    return fields as Record<string, unknown>
  }
  return censored(fields, 0) as Record<string, unknown>
}

/** Nothing stands in it that could hide a secret: as in the lines that come by the thousand. */
function isBare(fields: Record<string, unknown>): boolean {
  for (const name in fields) {
    const value = fields[name]
    const type = typeof value
    const isScalar = type === 'string' || type === 'number' || type === 'boolean' || value == null
    if (!isScalar || SECRET_FIELDS.has(name)) return false
  }
  return true
}

function censored(value: unknown, depth: number): unknown {
  // Which JSON does not know.
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) return '[deep]'
  if (value instanceof Error) return errorFields(value, depth)
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return censored(value.toJSON(), depth + 1)
  const isList = Array.isArray(value)
  // What has a class was not made for a line: a socket, a request, a store with its keys.
  if (!isList && !isPlain(value)) return `[${value.constructor?.name ?? 'object'}]`
  if (isList) return value.map((each) => censored(each, depth + 1))
  const copy: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(value)) {
    copy[name] = SECRET_FIELDS.has(name) ? CENSORED : censored(field, depth + 1)
  }
  return copy
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Of an error only what is meant for logs: libraries hang requests, with headers, onto theirs. */
function errorFields(error: Error, depth: number): unknown {
  const { name, message, stack, cause } = error
  const code = 'code' in error ? { code: censored(error.code, depth + 1) } : {}
  const because = cause ? { cause: censored(cause, depth + 1) } : {}
  return { type: name, message, ...code, stack, ...because }
}
