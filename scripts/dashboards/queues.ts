import { BAD_ABOVE_0, type Dashboard, type Panel, quantiles, type Step } from './model.ts'

const AGE: readonly Step[] = [
  [null, 'green'],
  [5, 'yellow'],
  [30, 'red'],
]
const jobs = (state: string) => `max by (queue) (posthorn_queue_jobs{$ns, state="${state}"})`
const taken = 'sum by (queue) (rate(posthorn_queue_wait_seconds_count{$ns}[$__rate_interval]))'

const healthy: Panel[] = [
  {
    title: 'Oldest waiting job',
    description:
      'Over 30 s: too few workers, or Redis is slow. Grows with time itself: no worker takes jobs, read their /readyz.',
    kind: 'stat',
    unit: 's',
    steps: AGE,
    queries: [{ expr: 'max(posthorn_queue_oldest_waiting_seconds{$ns})' }],
    runbook: 'PosthornQueueOld',
  },
  {
    title: 'Backlog',
    description: 'Jobs that are due and not taken; one of events carries up to 25 events.',
    kind: 'stat',
    unit: 'short',
    queries: [{ expr: `sum(${jobs('waiting')})` }],
    runbook: 'PosthornNoWorkers',
  },
  {
    title: 'Drain estimate',
    description:
      'How long workers need for what waits now at their present pace, if nothing else came. Long: add workers.',
    kind: 'stat',
    unit: 's',
    steps: AGE,
    queries: [{ expr: `max(${jobs('waiting')} / (${taken} > 0))` }],
    runbook: 'PosthornQueueOld',
  },
  {
    title: 'Retries scheduled',
    description: 'Deliveries that wait for their next attempt. A sudden rise: receivers fail.',
    kind: 'stat',
    unit: 'short',
    queries: [{ expr: 'max(posthorn_retries_scheduled{$ns})' }],
  },
  {
    title: 'Parked',
    description:
      'Deliveries in the lane of a webhook that is paused, limited, slow or down: GET /v1/deliveries?status=parked names it.',
    kind: 'stat',
    unit: 'short',
    queries: [{ expr: 'max(posthorn_parked_deliveries{$ns})' }],
    runbook: 'PosthornCircuitOpen',
  },
  {
    title: 'Longest open circuit',
    description: 'For how long the receiver that went down first has been down; tell its owner.',
    kind: 'timeseries',
    unit: 's',
    queries: [{ expr: 'max(posthorn_circuit_oldest_open_seconds{$ns})', legend: 'open for' }],
    runbook: 'PosthornCircuitOpen',
  },
  {
    title: 'Jobs given up',
    description: 'Always 0. Anything else is a fault of Posthorn: keep the job and report it.',
    kind: 'stat',
    unit: 'none',
    steps: BAD_ABOVE_0,
    queries: [{ expr: `sum(${jobs('failed')})` }],
    runbook: 'PosthornJobsFailed',
  },
]

const depth: Panel[] = (['waiting', 'active', 'delayed'] as const).map((state) => ({
  title: `Jobs ${state}`,
  description: {
    waiting: 'Due, and not yet taken by a worker. Growing without end: add workers.',
    active: 'Being worked on.',
    delayed: 'Not yet due: retries in deliveries, dead letters until they expire.',
  }[state],
  kind: 'timeseries',
  unit: 'short',
  queries: [{ expr: jobs(state), legend: '{{queue}}' }],
}))

const waits: Panel[] = [
  {
    title: 'Age of the oldest waiting job',
    description: 'The best single sign of too few workers. Alerts: 30 s, and 5 min.',
    kind: 'timeseries',
    unit: 's',
    steps: AGE,
    queries: [
      {
        expr: 'max by (queue) (posthorn_queue_oldest_waiting_seconds{$ns})',
        legend: '{{queue}}',
      },
    ],
    runbook: 'PosthornQueueStuck',
  },
  {
    title: 'Wait of events until a worker takes them',
    description: 'Over a second for long: too few workers, or Redis is slow.',
    kind: 'timeseries',
    unit: 's',
    queries: quantiles('posthorn_queue_wait_seconds', '$ns, queue="events"'),
  },
  {
    title: 'Jobs taken',
    description: 'How fast workers take jobs. Falls while the backlog grows: look at the workers.',
    kind: 'timeseries',
    unit: 'ops',
    queries: [{ expr: taken, legend: '{{queue}}' }],
  },
]

const apart: Panel[] = [
  {
    title: 'Waiting on purpose',
    description: 'For the time of a retry, or in the lane of a webhook that is not ready.',
    kind: 'timeseries',
    unit: 'short',
    queries: [
      { expr: 'max(posthorn_retries_scheduled{$ns})', legend: 'retries' },
      { expr: 'max(posthorn_parked_deliveries{$ns})', legend: 'parked' },
    ],
  },
  {
    title: 'Circuits that are not closed',
    description: 'Webhooks that are down; one delivery at a time is tried until one succeeds.',
    kind: 'timeseries',
    unit: 'short',
    queries: [
      {
        expr: 'max by (state) (posthorn_circuits{$ns, state=~"open|half_open"})',
        legend: '{{state}}',
      },
    ],
    runbook: 'PosthornCircuitOpen',
  },
  {
    title: 'Faults',
    description:
      'Jobs that threw (some are normal while Redis is away), records that are gone or cannot be read in the last hour. The log names each.',
    kind: 'timeseries',
    unit: 'short',
    steps: BAD_ABOVE_0,
    queries: [
      { expr: 'sum(increase(posthorn_job_errors_total{$ns}[1h]))', legend: 'job errors' },
      { expr: 'sum(increase(posthorn_missing_records_total{$ns}[1h]))', legend: 'records gone' },
      {
        expr: 'sum(increase(posthorn_unreadable_records_total{$ns}[1h]))',
        legend: 'records unreadable',
      },
      { expr: 'max(posthorn_unusable_webhooks{$ns})', legend: 'webhooks without a key' },
    ],
    runbook: 'PosthornRecordsLost',
  },
  {
    title: 'Met by too old a worker',
    description:
      'Times that a worker met a job of a newer version and left it to a newer worker. Normal while versions are rolled; for long: an upgrade has stopped halfway.',
    kind: 'timeseries',
    unit: 'short',
    steps: BAD_ABOVE_0,
    queries: [
      {
        expr: 'sum by (queue) (increase(posthorn_newer_jobs_total{$ns}[5m]))',
        legend: '{{queue}}',
      },
    ],
    runbook: 'PosthornNewerJobs',
  },
]

export const queues: Dashboard = {
  uid: 'posthorn-queues',
  title: 'Posthorn: Queues',
  description: 'What waits, for how long, and for what.',
  variables: [],
  rows: [
    { title: 'Is it healthy?', panels: healthy },
    { title: 'Depth', panels: depth },
    { title: 'Waits', panels: waits },
    { title: 'Waiting apart, and faults', panels: apart },
  ],
}
