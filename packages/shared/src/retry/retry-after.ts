/** A receiver may not push a retry further away than this: 24 hours. */
export const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1000

const WEEKDAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)'
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'
const IMF_DATE = new RegExp(`^${WEEKDAY}, \\d{2} ${MONTH} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT$`)
const RFC850_DATE =
  /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/
const ASCTIME_DATE = new RegExp(`^${WEEKDAY} ${MONTH} [ \\d]\\d \\d{2}:\\d{2}:\\d{2} \\d{4}$`)

/**
 * Milliseconds from `nowMs` until the time a `Retry-After` header names (RFC 9110, 10.2.3: seconds
 * or an HTTP date), at most 24 h. Undefined if the value is neither or lies in the past: the
 * receiver then has no say.
 */
export function retryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  // Digits without a limit on their number: a huge value is a long wait, thus the cap.
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, MAX_RETRY_AFTER_MS)
  const atMs = httpDateMs(text)
  if (atMs === undefined || atMs <= nowMs) return undefined
  return Math.min(atMs - nowMs, MAX_RETRY_AFTER_MS)
}

/** The three forms of RFC 9110, 5.6.7. Only these: `Date.parse` alone would take `"1"` or `"-5"`. */
function httpDateMs(text: string): number | undefined {
  const asctime = ASCTIME_DATE.test(text)
  if (!asctime && !IMF_DATE.test(text) && !RFC850_DATE.test(text)) return undefined
  const ms = Date.parse(asctime ? `${text} GMT` : text)
  return Number.isNaN(ms) ? undefined : ms
}
