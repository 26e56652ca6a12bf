const SECOND_MS = 1_000

/** The wait that `Retry-After` asks for (RFC 9110, section 10.2.3), undefined without a readable one. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined
  const text = header.trim()
  if (/^\d{1,9}$/.test(text)) return Number(text) * SECOND_MS
  // Date.parse reads much that is no HTTP date, "1.5" for one.
  if (!/^[A-Z][a-z]{2},? /.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}
