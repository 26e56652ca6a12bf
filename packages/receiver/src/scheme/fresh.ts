import type { SignatureFault } from 'posthorn'

export const TOLERANCE_SECONDS = 5 * 60
const SECOND_MS = 1_000

/** What is wrong with a signed time in seconds: without this, whoever recorded a request could repeat it. */
export function timeFault(
  timestamp: string,
  nowMs: number,
  toleranceSeconds = TOLERANCE_SECONDS,
): SignatureFault | undefined {
  if (!/^\d{1,12}$/.test(timestamp)) return 'malformed'
  const ageSeconds = Math.floor(nowMs / SECOND_MS) - Number(timestamp)
  if (ageSeconds > toleranceSeconds) return 'too_old'
  if (ageSeconds < -toleranceSeconds) return 'too_new'
  // Neither the one nor the other holds for a tolerance that is no number.
  return Math.abs(ageSeconds) <= toleranceSeconds ? undefined : 'malformed'
}
