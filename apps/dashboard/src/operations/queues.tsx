import type { Operations } from '../api/stats.ts'
import { count, duration } from '../format/numbers.ts'
import { Table } from './table.tsx'

const HEADS = ['Queue', 'Waiting', 'Active', 'Delayed', 'Failed', 'Oldest waits']

export function Queues({ queues }: Pick<Operations, 'queues'>) {
  return (
    <Table
      title="Queues"
      heads={HEADS}
      empty="No queue is known yet."
      rows={queues.map(({ queue, waiting, active, delayed, failed, oldestWaitingMs }) => ({
        key: queue,
        cells: [
          queue,
          count(waiting),
          count(active),
          count(delayed),
          // No job ever fails for good: one that does is an alarm.
          <span key="failed" className={failed > 0 ? 'font-medium text-bad' : ''}>
            {count(failed)}
          </span>,
          waiting > 0 ? duration(oldestWaitingMs) : '–',
        ],
      }))}
    />
  )
}
