import { ProblemError } from '@posthorn/shared/error/problem.ts'

/** Throws 429 of this code, with `Retry-After`, to whoever must wait; 0: nobody. */
export function requireTurn(
  code: 'too_many_sign_ins' | 'too_many_url_checks',
  waitMs: number,
): void {
  if (waitMs <= 0) return
  const headers = { 'retry-after': String(Math.ceil(waitMs / 1_000)) }
  throw new ProblemError(code, undefined, { headers })
}
