import { getRouteApi, Link } from '@tanstack/react-router'
import type { Attempt, Delivery } from 'posthorn'
import { OutcomeText } from '../deliveries/status.tsx'
import { counted, duration } from '../format/numbers.ts'
import { classes } from '../ui/classes.ts'
import { Ago } from '../ui/time.tsx'
import { AttemptDetail } from './attempt-detail.tsx'
import { Compare } from './compare.tsx'

const route = getRouteApi('/shell/deliveries/$id')

/** Every attempt, the latest first, and what the chosen one sent and got. */
export function Attempts({ delivery }: { readonly delivery: Delivery }) {
  const { attempts } = delivery
  const search = route.useSearch()
  const chosen = attempts.find(({ number }) => String(number) === search.attempt) ?? attempts.at(-1)
  const other = attempts.find(({ number }) => String(number) === search.compare)
  if (!chosen)
    return (
      <p className="panel p-6 text-center text-muted">
        Nothing has been sent yet.{' '}
        {delivery.status === 'parked' && 'It waits until its webhook is ready.'}
      </p>
    )
  return (
    <div className="grid gap-4 lg:grid-cols-[280px_minmax(0,1fr)]">
      <section aria-label="Attempts" className="panel h-fit overflow-hidden">
        <h2 className="border-line border-b px-3 py-2 font-medium">
          {counted(attempts.length, 'attempt')}
        </h2>
        <ol className="max-h-[60vh] overflow-auto">
          {attempts.toReversed().map((attempt) => (
            <AttemptRow key={attempt.number} attempt={attempt} chosen={attempt === chosen} />
          ))}
        </ol>
      </section>
      <div className="flex min-w-0 flex-col gap-4">
        {other && other !== chosen ? (
          <Compare before={other} after={chosen} />
        ) : (
          <AttemptDetail attempt={chosen} delivery={delivery} />
        )}
      </div>
    </div>
  )
}

function AttemptRow({ attempt, chosen }: { readonly attempt: Attempt; readonly chosen: boolean }) {
  const { number, trigger, startedAt, outcome, statusCode, durationMs } = attempt
  const search = route.useSearch()
  return (
    <li
      className={classes(
        'relative border-line border-b px-3 py-2 last:border-b-0 hover:bg-hover',
        chosen && 'bg-accent-soft',
      )}
    >
      <div className="flex items-baseline justify-between gap-2">
        <Link
          from="/deliveries/$id"
          search={{ attempt: String(number) }}
          replace
          aria-current={chosen ? 'true' : undefined}
          className="text-ink no-underline after:absolute after:inset-0"
        >
          <span className="mr-1.5 text-muted tabular-nums">#{number}</span>
          <OutcomeText outcome={outcome} statusCode={statusCode} />
        </Link>
        <span className="text-muted text-xs tabular-nums">{duration(durationMs)}</span>
      </div>
      <div className="flex items-center justify-between text-muted text-xs">
        <span>
          <Ago time={startedAt} />
          {trigger !== 'automatic' && ` · ${trigger}`}
        </span>
        {!chosen && (
          <Link
            from="/deliveries/$id"
            search={{ ...search, compare: String(number) }}
            replace
            aria-label={`Compare with attempt ${number}`}
            className="relative z-10 text-accent"
          >
            compare
          </Link>
        )}
      </div>
    </li>
  )
}
