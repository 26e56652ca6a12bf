import type { Fits } from './compile.ts'

/**
 * Whether a filter lets these bytes of `data` through, and one that is not there everything. The bytes are parsed
 * when the first filter asks, and once for all that do.
 */
export function judgeOf(data: Buffer): (fits: Fits | undefined) => boolean {
  let parsed: { value: unknown } | undefined
  return (fits) => {
    if (!fits) return true
    parsed ??= { value: readable(data) }
    // What cannot be judged is sent: better one too many than one lost.
    return parsed.value === UNREADABLE || fits(parsed.value)
  }
}

const UNREADABLE = Symbol('not JSON')

/** It was JSON when it was accepted; a throw here would hold up the whole batch. */
function readable(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'))
  } catch {
    return UNREADABLE
  }
}
