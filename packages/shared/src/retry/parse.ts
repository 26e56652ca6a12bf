import { parseDurationSeconds } from './duration.ts'
import { type RetryPolicy, retryPolicySchema } from './policy.ts'

/** What POSTHORN_RETRY_POLICY is when it is not set. */
export const DEFAULT_RETRY_POLICY_TEXT = 'exponential:5s,x3,max=24h,attempts=12,jitter=0.2'

/** The text of a retry policy makes no sense; the message says what and what was expected. */
export class RetryPolicyTextError extends Error {
  override readonly name = 'RetryPolicyTextError'
}

/**
 * Reads the one-line form that POSTHORN_RETRY_POLICY has:
 * `exponential:5s,x3,max=24h,attempts=12,jitter=0.2` (jitter optional) or `schedule:5s,5m,30m,jitter=0.1`.
 * @throws RetryPolicyTextError
 */
export function parseRetryPolicy(text: string): RetryPolicy {
  const colon = text.indexOf(':')
  const kind = text.slice(0, colon === -1 ? text.length : colon).trim()
  const parts = text
    .slice(kind === text.trim() ? text.length : colon + 1)
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (kind === 'exponential') return checked(exponential(parts), text)
  if (kind === 'schedule') return checked(schedule(parts), text)
  throw new RetryPolicyTextError(
    `"${text}": expected "exponential:…" or "schedule:…", for example "${DEFAULT_RETRY_POLICY_TEXT}"`,
  )
}

function exponential(parts: string[]): Record<string, unknown> {
  const policy: Record<string, unknown> = { type: 'exponential' }
  for (const part of parts) {
    if (part.startsWith('max=')) set(policy, 'maxDelaySeconds', seconds(part.slice(4)), part)
    else if (part.startsWith('attempts='))
      set(policy, 'maxAttempts', number(part.slice(9), part), part)
    else if (part.startsWith('jitter=')) set(policy, 'jitter', number(part.slice(7), part), part)
    else if (part.startsWith('x')) set(policy, 'factor', number(part.slice(1), part), part)
    else set(policy, 'initialDelaySeconds', seconds(part), part)
  }
  const missing = [
    policy.initialDelaySeconds === undefined && 'the first delay (5s)',
    policy.factor === undefined && 'the factor (x3)',
    policy.maxDelaySeconds === undefined && 'the longest delay (max=24h)',
    policy.maxAttempts === undefined && 'the number of attempts (attempts=12)',
  ].filter((name) => name !== false)
  if (missing.length > 0)
    throw new RetryPolicyTextError(`exponential: ${missing.join(', ')} missing`)
  return policy
}

function schedule(parts: string[]): Record<string, unknown> {
  const policy: Record<string, unknown> = { type: 'schedule' }
  const delaysSeconds: number[] = []
  for (const part of parts) {
    if (part.startsWith('jitter=')) set(policy, 'jitter', number(part.slice(7), part), part)
    else delaysSeconds.push(seconds(part))
  }
  if (delaysSeconds.length === 0)
    throw new RetryPolicyTextError('schedule: no delay given (5s,5m,…)')
  return { ...policy, delaysSeconds }
}

function set(policy: Record<string, unknown>, name: string, value: number, part: string): void {
  if (policy[name] !== undefined) throw new RetryPolicyTextError(`"${part}": given twice`)
  policy[name] = value
}

function seconds(text: string): number {
  const value = parseDurationSeconds(text)
  if (value === undefined) {
    throw new RetryPolicyTextError(`"${text}": expected a duration like 500ms, 5s, 30m, 24h or 2d`)
  }
  return value
}

function number(text: string, part: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new RetryPolicyTextError(`"${part}": expected a number`)
  return Number(text)
}

function checked(policy: Record<string, unknown>, text: string): RetryPolicy {
  const result = retryPolicySchema.safeParse(policy)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new RetryPolicyTextError(`"${text}": ${problems.join('; ')}`)
}
