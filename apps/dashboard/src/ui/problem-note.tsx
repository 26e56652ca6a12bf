import { CircleAlert } from 'lucide-react'
import { Problem } from '../api/problem.ts'
import { queries } from '../api/queries.ts'
import { type Session, sessionKey } from '../api/session.ts'
import { Button } from './button.tsx'

interface ProblemNoteProps {
  readonly error: Error
  readonly onRetry?: (() => void) | undefined
}

/** What is asked again in the same words is refused again. */
const isRefused = (status: number) => status >= 400 && status < 500 && status !== 429

/** What the API said is wrong, in its own words. */
export function ProblemNote({ error, onRetry }: ProblemNoteProps) {
  const problem = error instanceof Problem ? error : undefined
  // As it was last read: it may be this very session that could not be read.
  const operate = queries.getQueryData<Session | null>(sessionKey)?.role !== 'portal'
  const isStorage = problem?.code === 'redis_unavailable'
  const mayPass = !problem || !isRefused(problem.status)
  return (
    <div role="alert" className="panel flex gap-3 border-bad/40 bg-bad-soft p-3">
      <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0 flex-1">
        <p className="font-medium text-ink">{problem?.title ?? 'Something went wrong'}</p>
        <p className="break-words text-ink">
          {isStorage ? storageText(Boolean(onRetry), operate) : error.message}
        </p>
        {problem && problem.errors.length > 1 && (
          <ul className="mt-1 list-inside list-disc">
            {problem.errors.map(({ path, message }) => (
              <li key={path + message}>
                <code className="font-mono text-xs">{path}</code> {message}
              </li>
            ))}
          </ul>
        )}
        {problem?.requestId && (
          <p className="mt-1 font-mono text-muted text-xs">Request {problem.requestId}</p>
        )}
      </div>
      {onRetry && mayPass && <Button onClick={onRetry}>Try again</Button>}
    </div>
  )
}

/** The API's own words are for programs that call it. */
function storageText(reading: boolean, operate: boolean): string {
  const what = operate
    ? 'Posthorn cannot reach Redis, where it keeps everything. Check that Redis runs'
    : 'What is stored cannot be reached at the moment. Wait a minute'
  return reading
    ? `${what}, then try again.`
    : `${what}, and look whether it was done before you repeat it.`
}
