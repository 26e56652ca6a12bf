import type { Operations } from '../api/stats.ts'
import { count, duration } from '../format/numbers.ts'
import { Ago } from '../ui/time.tsx'
import { Table } from './table.tsx'

const HEADS = [
  'Worker',
  'Version',
  'In flight',
  'Loop lag',
  'Last progress',
  'Last seen',
  'Started',
]
/** An event loop that is held up for longer than this is late with everything. */
const LATE_MS = 200

export function Workers({ workers }: Pick<Operations, 'workers'>) {
  return (
    <Table
      title="Workers"
      heads={HEADS}
      empty="No worker is alive: nothing is delivered until one is started (npm run start:worker)."
      rows={workers.map((worker) => ({
        key: worker.id,
        cells: [
          `${worker.host} · ${worker.pid}`,
          worker.version ?? '–',
          count(worker.inFlight),
          <span key="lag" className={(worker.loopLagMs ?? 0) > LATE_MS ? 'text-warn' : ''}>
            {worker.loopLagMs === undefined ? '–' : duration(worker.loopLagMs)}
          </span>,
          worker.lastProgressAt ? <Ago key="progress" time={worker.lastProgressAt} /> : '–',
          <Ago key="seen" time={worker.lastSeenAt} />,
          <Ago key="started" time={worker.startedAt} />,
        ],
      }))}
    />
  )
}
