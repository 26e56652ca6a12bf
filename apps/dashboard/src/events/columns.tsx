import type { EventView } from 'posthorn'
import { StatusBadge } from '../deliveries/status.tsx'
import type { Column } from '../list/column.ts'
import { RowLink } from '../list/row-link.tsx'
import { Badge } from '../ui/badge.tsx'
import { classes } from '../ui/classes.ts'
import { Ago } from '../ui/time.tsx'
import { tally, UNMATCHED } from './fan-out.ts'

type Listed = Pick<EventView, 'id' | 'type' | 'tenant' | 'createdAt' | 'deliveries'> &
  Partial<Pick<EventView, 'unmatchedReason'>>

export const COLUMNS: readonly Column<Listed>[] = [
  {
    head: 'Type',
    width: 'minmax(0, 1.2fr)',
    cell: ({ id, tenant, type }) => (
      <RowLink to="/events/$id" params={{ id }} search={{ tenant }}>
        {type}
      </RowLink>
    ),
  },
  {
    head: 'Id',
    width: 'minmax(0, 1.2fr)',
    wideOnly: true,
    cell: ({ id }) => <span className="font-mono text-muted text-xs">{id}</span>,
  },
  {
    head: 'Tenant',
    width: '120px',
    wideOnly: true,
    cell: ({ tenant }) => <span className="text-muted">{tenant}</span>,
  },
  {
    head: 'Deliveries',
    width: 'minmax(0, 1fr)',
    cell: ({ deliveries, unmatchedReason }) =>
      unmatchedReason ? (
        <Badge tone="idle" title={UNMATCHED[unmatchedReason]}>
          no match
        </Badge>
      ) : (
        <span className="flex gap-1.5">
          {tally(deliveries).map(([status, number], index, all) => (
            <span
              key={status}
              className={classes('inline-flex items-center gap-1', index > 0 && 'max-md:hidden')}
            >
              {number > 1 && <span className="text-muted tabular-nums">{number}</span>}
              <StatusBadge status={status} />
              {/* A phone has room for the worst. */}
              {all.length > 1 && <span className="text-muted md:hidden">+{all.length - 1}</span>}
            </span>
          ))}
        </span>
      ),
  },
  {
    head: 'Accepted',
    width: '88px',
    align: 'end',
    cell: ({ createdAt }) => (
      <span className="text-muted">
        <Ago time={createdAt} />
      </span>
    ),
  },
]
