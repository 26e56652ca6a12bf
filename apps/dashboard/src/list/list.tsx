import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'
import { classes } from '../ui/classes.ts'
import type { Column } from './column.ts'
import { moveFocus } from './move-focus.ts'
import { useIsPhone } from './phone.ts'

interface ListProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  /** Asked for when the end is in sight. */
  readonly onEnd?: (() => void) | undefined
  readonly foot?: ReactNode
}

const ROW_PX = 40
const LOOK_AHEAD_ROWS = 20

/**
 * A table that holds as many rows as there are, and draws those in sight. Arrow keys, j and k go from
 * row to row; a row's own link (`data-row-link`) opens it.
 */
export function List<Row>({ label, columns, rows, rowKey, onEnd, foot }: ListProps<Row>) {
  const phone = useIsPhone()
  const box = useRef<HTMLDivElement>(null)
  const shown = phone ? columns.filter((column) => !column.wideOnly) : columns
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    getItemKey: (index) => rowKey(rows[index] as Row),
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - LOOK_AHEAD_ROWS) onEnd?.()
  }, [last, rows.length, onEnd])
  const tracks = { gridTemplateColumns: shown.map(({ width }) => width).join(' ') }
  return (
    <div className="panel flex min-h-64 flex-1 flex-col overflow-hidden">
      <div ref={box} className="min-h-0 flex-1 overflow-auto">
        {/* A real table that is laid out as a grid: its rows can be placed one by one. */}
        <table
          aria-label={label}
          aria-rowcount={rows.length + 1}
          className="block"
          onKeyDown={(event) => moveFocus(event, (index) => virtual.scrollToIndex(index))}
        >
          <Head columns={shown} tracks={tracks} />
          <tbody className="relative block" style={{ height: virtual.getTotalSize() }}>
            {items.map(({ index, key, start }) => (
              <tr
                key={key}
                aria-rowindex={index + 2}
                data-index={index}
                style={{ ...tracks, transform: `translateY(${start}px)`, height: ROW_PX }}
                className={ROW_LOOK}
              >
                {shown.map((column) => (
                  <td key={column.head} className={cellLook(column)}>
                    {column.cell(rows[index] as Row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {foot}
      </div>
    </div>
  )
}

const ROW_LOOK =
  'absolute inset-x-0 grid items-center gap-3 border-line border-b px-3 hover:bg-hover focus-within:bg-hover'

function cellLook({ align }: { readonly align?: 'end' }, extra?: string) {
  return classes(
    'min-w-0 truncate p-0',
    align === 'end' ? 'text-right tabular-nums' : 'text-left',
    extra,
  )
}

function Head<Row>({
  columns,
  tracks,
}: {
  readonly columns: readonly Column<Row>[]
  readonly tracks: { readonly gridTemplateColumns: string }
}) {
  return (
    <thead className="sticky top-0 z-20 block border-line border-b bg-surface text-muted text-xs">
      <tr aria-rowindex={1} style={tracks} className="grid h-8 items-center gap-3 px-3">
        {columns.map((column) => (
          <th key={column.head} scope="col" className={cellLook(column, 'font-medium')}>
            {column.head}
          </th>
        ))}
      </tr>
    </thead>
  )
}
