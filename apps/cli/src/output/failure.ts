import { PosthornError, PosthornNoAnswer, PosthornProblem } from 'posthorn'
import { UsageError } from '../input/usage-error.ts'

const FAILED = 1
const USAGE = 2

export const exitCodeOf = (error: unknown): number => (error instanceof UsageError ? USAGE : FAILED)

/** What happened, why, and what to do. */
export function sayFailure(error: unknown, isJson: boolean): void {
  const lines = linesOf(error)
  const text = isJson ? JSON.stringify({ error: shapeOf(error) }) : lines.join('\n')
  process.stderr.write(`${text}\n`)
}

function shapeOf(error: unknown): object {
  if (!(error instanceof PosthornProblem)) return { message: linesOf(error).join('\n') }
  const { status, code, title, detail, errors, requestId } = error
  return { status, code, title, detail, errors, requestId }
}

export function linesOf(error: unknown): string[] {
  if (error instanceof PosthornProblem) {
    const { status, code, title, detail, errors, requestId } = error
    return [
      `${title} (${status} ${code})`,
      ...(detail && detail !== title ? [detail] : []),
      ...errors.map(({ path, message }) => `  ${path === '' ? 'input' : path}: ${message}`),
      ...hintOf(error),
      ...(requestId ? [`request ${requestId}`] : []),
    ]
  }
  if (error instanceof PosthornNoAnswer) {
    return [
      `No answer: ${error.message}`,
      'Does Posthorn run there? `npm start` starts one; --url or POSTHORN_URL names another.',
    ]
  }
  if (error instanceof PosthornError || error instanceof UsageError) return [error.message]
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)]
}

function hintOf({ status, code }: PosthornProblem): string[] {
  if (code === 'unknown_route' || code === 'unknown') {
    return ['Is it a Posthorn of this version that --url or POSTHORN_URL names?']
  }
  if (status === 401) return ['Pass --key, or set POSTHORN_KEY, to a key of this Posthorn.']
  if (status === 403)
    return ["This key's role or tenant may not do that; `admin` may do everything."]
  return []
}
