import type { DeadLetter } from 'posthorn'
import { TYPE, WEBHOOK } from '../deliveries/columns.tsx'
import { OutcomeText, reasonMeans } from '../deliveries/status.tsx'
import type { Column } from '../list/column.ts'
import { Badge } from '../ui/badge.tsx'
import { Ago } from '../ui/time.tsx'

interface Choice {
  readonly chosen: ReadonlySet<string>
  readonly toggle: (id: string) => void
}

/** With a box to choose by, for who may do something with what is chosen. */
export function columnsWith(choice: Choice | undefined): readonly Column<DeadLetter>[] {
  if (!choice) return COLUMNS
  const { chosen, toggle } = choice
  const box: Column<DeadLetter> = {
    head: 'Choose',
    width: '52px',
    cell: ({ id, type }) => (
      <input
        type="checkbox"
        aria-label={`Choose ${type}`}
        checked={chosen.has(id)}
        onChange={() => toggle(id)}
        className="relative z-10 size-4 align-middle accent-accent"
      />
    ),
  }
  return [box, ...COLUMNS]
}

const COLUMNS: readonly Column<DeadLetter>[] = [
  TYPE,
  WEBHOOK,
  {
    head: 'Reason',
    width: '104px',
    wideOnly: true,
    cell: ({ reason }) => (
      <Badge tone="bad" title={reasonMeans(reason)}>
        {reason}
      </Badge>
    ),
  },
  {
    head: 'Last attempt',
    width: '128px',
    wideOnly: true,
    cell: ({ lastOutcome, lastStatusCode }) => (
      <OutcomeText outcome={lastOutcome} statusCode={lastStatusCode} />
    ),
  },
  {
    head: 'Died',
    width: '88px',
    align: 'end',
    cell: ({ deadAt }) => (
      <span className="text-muted">
        <Ago time={deadAt} />
      </span>
    ),
  },
]
