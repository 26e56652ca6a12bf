import { Link } from '@tanstack/react-router'
import type { Operations } from '../api/stats.ts'
import { count } from '../format/numbers.ts'
import { Ago, Countdown } from '../ui/time.tsx'
import { Table } from './table.tsx'

const HEADS = [
  'Webhook',
  'Tenant',
  'Failures in a row',
  'Reason',
  'Open since',
  'Next probe',
  'Parked',
]

export function Circuits({ circuits }: Pick<Operations, 'circuits'>) {
  const { open, data } = circuits
  return (
    <Table
      title={
        open > data.length ? `Open circuits, ${data.length} of ${count(open)}` : 'Open circuits'
      }
      heads={HEADS}
      empty="Every circuit is closed: no webhook is held back for failing."
      rows={data.map((circuit) => ({
        key: circuit.webhook,
        cells: [
          <Link
            key="webhook"
            to="/webhooks/$id"
            params={{ id: circuit.webhook }}
            className="text-accent"
          >
            {circuit.url}
          </Link>,
          circuit.tenant,
          count(circuit.failures),
          circuit.reason,
          <Ago key="since" time={circuit.since} />,
          circuit.state === 'half_open' ? (
            'now'
          ) : (
            <Countdown key="probe" time={circuit.nextProbeAt} />
          ),
          count(circuit.parked),
        ],
      }))}
    />
  )
}
