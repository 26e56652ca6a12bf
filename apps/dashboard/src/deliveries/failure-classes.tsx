import type { Attempt } from 'posthorn'
import { count } from '../format/numbers.ts'
import { outcomeMeans } from './status.tsx'

/** How attempts failed, the most frequent way first. */
export function FailureClasses({
  failures,
}: {
  readonly failures: Readonly<Record<string, number>>
}) {
  const sorted = Object.entries(failures).sort(([, a], [, b]) => b - a)
  const most = sorted[0]?.[1] ?? 1
  if (sorted.length === 0) return null
  return (
    <section className="panel h-fit p-4" aria-label="Failures by class">
      <h2 className="mb-2 font-medium">By class</h2>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1.5">
        {sorted.map(([outcome, number]) => (
          <div key={outcome} className="contents">
            <dt className="text-muted" title={outcomeMeans(outcome as Attempt['outcome'])}>
              {outcome.replace('_', ' ')}
            </dt>
            <dd aria-hidden="true">
              <svg
                className="block h-2 w-full rounded bg-idle-soft"
                viewBox="0 0 100 8"
                preserveAspectRatio="none"
                aria-hidden="true"
              >
                <rect width={(number / most) * 100} height="8" className="fill-bad" />
              </svg>
            </dd>
            <dd className="text-right tabular-nums">{count(number)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
