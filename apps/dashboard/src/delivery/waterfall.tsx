import type { Attempt } from 'posthorn'
import { duration } from '../format/numbers.ts'
import { barsOf } from './phases.ts'

/** Where the time of an attempt went, as far as that is kept. */
export function Waterfall({ attempt }: { readonly attempt: Attempt }) {
  const { timings } = attempt
  if (!timings) return null
  const bars = barsOf(timings, attempt.durationMs)
  return (
    <table className="mt-4 w-full border-separate border-spacing-y-1">
      <caption className={timings.reused ? 'pb-1 text-left text-muted text-xs' : 'sr-only'}>
        {timings.reused ? 'On a connection that was kept open' : 'Where the time went'}
      </caption>
      <tbody>
        {bars.map(({ name, startPercent, widthPercent, ms }) => (
          <tr key={name}>
            <th scope="row" className="label w-32 text-left">
              {name}
            </th>
            <td className="p-0">
              <svg
                aria-hidden="true"
                className="h-2 w-full overflow-visible rounded bg-idle-soft"
                preserveAspectRatio="none"
                viewBox="0 0 100 8"
              >
                <rect
                  x={startPercent}
                  width={widthPercent}
                  height="8"
                  rx="0.5"
                  className="fill-accent"
                />
              </svg>
            </td>
            <td className="w-20 text-right text-muted text-xs tabular-nums">{duration(ms)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
