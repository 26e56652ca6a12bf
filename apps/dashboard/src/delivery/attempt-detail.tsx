import type { Attempt, Delivery } from 'posthorn'
import { outcomeMeans } from '../deliveries/status.tsx'
import { bytes, duration } from '../format/numbers.ts'
import { exact } from '../format/time.ts'
import { useMay } from '../layout/session.tsx'
import { Code } from '../ui/code.tsx'
import { Headers } from './headers.tsx'
import { SentBody } from './sent-body.tsx'
import { SignatureChecker } from './signature-checker.tsx'
import { Waterfall } from './waterfall.tsx'

interface DetailProps {
  readonly attempt: Attempt
  readonly delivery: Delivery
}

export function AttemptDetail({ attempt, delivery }: DetailProps) {
  const { number, startedAt, durationMs, outcome, error } = attempt
  const { change } = useMay()
  return (
    <>
      <section aria-label={`Attempt ${number}`} className="panel p-4">
        <h2 className="font-medium">Attempt {number}</h2>
        <p className="text-muted">
          {outcomeMeans(outcome)}, after {duration(durationMs)} ·{' '}
          <time dateTime={startedAt}>{exact(startedAt).split('\n')[0]}</time>
        </p>
        {error && <p className="mt-2 break-words font-mono text-bad text-xs">{error}</p>}
        <Waterfall attempt={attempt} />
      </section>
      <div className="grid gap-4 xl:grid-cols-2">
        <section aria-label="Request" className="panel flex min-w-0 flex-col gap-3 p-4">
          <h2 className="font-medium">Request</h2>
          <Headers headers={attempt.requestHeaders} />
          <SentBody delivery={delivery} />
        </section>
        <section aria-label="Response" className="panel flex min-w-0 flex-col gap-3 p-4">
          <h2 className="font-medium">Response</h2>
          <Answer attempt={attempt} />
        </section>
      </div>
      {change && <SignatureChecker delivery={delivery} attempt={attempt} />}
    </>
  )
}

function Answer({ attempt }: Pick<DetailProps, 'attempt'>) {
  const { responseHeaders, responseBody, responseBodyEncoding, responseBytes } = attempt
  if (attempt.statusCode === undefined)
    return <p className="text-muted">There was no answer: {outcomeMeans(attempt.outcome)}.</p>
  return (
    <>
      <Headers headers={responseHeaders} />
      {responseBody ? (
        <Code
          label={`Body, ${bytes(responseBytes)}${responseBodyEncoding ? `, ${responseBodyEncoding}` : ''}`}
          text={responseBody}
        />
      ) : (
        <p className="text-muted">
          {responseBytes > 0 ? `Body of ${bytes(responseBytes)}, not kept` : 'No body'}
        </p>
      )}
    </>
  )
}
