/** Limits of a webhook's own headers. */
export const MAX_CUSTOM_HEADERS = 32
export const MAX_HEADER_NAME_LENGTH = 128
export const MAX_HEADER_VALUE_LENGTH = 4_096
export const MAX_HEADERS_LENGTH = 8_192

export type HeaderFault = 'too_many' | 'too_large' | 'name' | 'reserved' | 'duplicate' | 'value'

export interface HeaderProblem {
  /** The header's name as given; empty for what concerns them all. */
  readonly name: string
  readonly code: HeaderFault
  /** Never contains the value: it is a secret. */
  readonly message: string
}

/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** Printable ASCII and tabs inside, no space around: what undici would trim or refuse is refused here. */
const VALUE = /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/

/**
 * Ours, or about the connection (RFC 9110, 7.6.1) or the message's framing: a webhook that could
 * set them could forge a signature header or smuggle a second request.
 */
const RESERVED = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'user-agent',
  'traceparent',
  'tracestate',
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'trailers',
  'transfer-encoding',
  'upgrade',
  'expect',
  'http2-settings',
])
const RESERVED_PREFIXES = ['webhook-', 'posthorn-', 'proxy-', 'ce-']

/** Everything that is wrong with a webhook's own headers; empty if nothing is. */
export function checkCustomHeaders(headers: Readonly<Record<string, string>>): HeaderProblem[] {
  const entries = Object.entries(headers)
  const problems: HeaderProblem[] = []
  if (entries.length > MAX_CUSTOM_HEADERS) {
    problems.push(problem('', 'too_many', `at most ${MAX_CUSTOM_HEADERS} headers`))
  }
  let length = 0
  const seen = new Set<string>()
  for (const [name, value] of entries) {
    const found = checkName(name, seen) ?? checkValue(name, value)
    if (found) problems.push(found)
    seen.add(name.toLowerCase())
    length += name.length + value.length
  }
  if (length > MAX_HEADERS_LENGTH) {
    problems.push(
      problem('', 'too_large', `at most ${MAX_HEADERS_LENGTH} characters in names and values`),
    )
  }
  return problems
}

/** What is wrong with the name of a header that is neither ours nor HTTP's; undefined if nothing is. */
export function checkHeaderName(name: string): HeaderProblem | undefined {
  if (!TOKEN.test(name) || name.length > MAX_HEADER_NAME_LENGTH) {
    return problem(
      name,
      'name',
      `must be an HTTP token of at most ${MAX_HEADER_NAME_LENGTH} characters`,
    )
  }
  const lower = name.toLowerCase()
  if (RESERVED.has(lower) || RESERVED_PREFIXES.some((prefix) => lower.startsWith(prefix))) {
    return problem(name, 'reserved', 'is set by Posthorn or by HTTP itself')
  }
  return undefined
}

function checkName(name: string, seen: ReadonlySet<string>): HeaderProblem | undefined {
  const found = checkHeaderName(name)
  if (found) return found
  return seen.has(name.toLowerCase()) ? problem(name, 'duplicate', 'is given twice') : undefined
}

function checkValue(name: string, value: string): HeaderProblem | undefined {
  if (VALUE.test(value) && value.length <= MAX_HEADER_VALUE_LENGTH) return undefined
  return problem(
    name,
    'value',
    `must be printable ASCII without line breaks, at most ${MAX_HEADER_VALUE_LENGTH} characters`,
  )
}

function problem(name: string, code: HeaderFault, message: string): HeaderProblem {
  return { name, code, message }
}
