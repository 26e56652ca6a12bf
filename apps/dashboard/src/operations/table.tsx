import type { ReactNode } from 'react'
import { classes } from '../ui/classes.ts'

interface TableProps {
  readonly title: string
  /** Those after the first are numbers, at the end of their column. */
  readonly heads: readonly string[]
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[]
  readonly empty: string
}

/** A short table that scrolls sideways where there is no room. */
export function Table({ title, heads, rows, empty }: TableProps) {
  return (
    <section aria-label={title} className="panel min-w-0">
      <h2 className="px-4 pt-3 font-medium">{title}</h2>
      {rows.length === 0 ? (
        <p className="px-4 pt-1 pb-3 text-muted">{empty}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <div className="overflow-x-auto" tabIndex={0}>
          <table className="mt-1 w-full whitespace-nowrap">
            <thead className="text-muted text-xs">
              <tr>
                {heads.map((head, index) => (
                  <th key={head} scope="col" className={classes(look(index), 'font-medium')}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, cells }) => (
                <tr key={key} className="border-line border-t">
                  {cells.map((cell, index) => (
                    <td
                      key={heads[index]}
                      className={classes(look(index), index === 0 && 'font-medium')}
                    >
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function look(index: number): string {
  return classes(
    'px-2 py-2 first:pl-4 last:pr-4 sm:px-4',
    index === 0 ? 'text-left' : 'text-right tabular-nums',
  )
}
