import type { Attempt } from 'posthorn'
import { duration } from '../format/numbers.ts'
import { barsOf, type Timings } from './phases.ts'

/** Where the time of an attempt went. Old attempts have no timings, and show none. */
export function Waterfall({ attempt }: { readonly attempt: Attempt }) {
  const timings = (attempt as Attempt & { readonly timings?: Timings }).timings
  if (!timings) return null
  const bars = barsOf(timings, attempt.durationMs)
  return (
    <table className="mt-4 w-full border-separate border-spacing-y-1">
      <caption className="sr-only">Where the time went</caption>
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
