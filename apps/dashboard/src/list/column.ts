import type { ReactNode } from 'react'

export interface Column<Row> {
  readonly head: string
  /** A track of CSS grid: `90px`, `minmax(0, 2fr)`. */
  readonly width: string
  readonly cell: (row: Row) => ReactNode
  readonly align?: 'end'
  /** Not shown where there is room for the main columns only. */
  readonly wideOnly?: boolean
}
