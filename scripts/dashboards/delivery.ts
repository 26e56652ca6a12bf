import { BAD_ABOVE_0, type Dashboard, type Panel, quantiles, type Step } from './model.ts'

const OBJECTIVE: readonly Step[] = [
  [null, 'red'],
  [0.95, 'yellow'],
  [0.99, 'green'],
]
const BURN: readonly Step[] = [
  [null, 'green'],
  [1, 'yellow'],
  [6, 'red'],
]
const FIRING = 'ALERTS{$ns, alertname=~"Posthorn.*", alertstate="firing"}'
const ended = (result: string, window: string) =>
  `sum(rate(posthorn_deliveries_total{$ns, result=~"${result}"}[${window}]))`
const burn = (window: string) =>
  `${ended('dead', window)} / ${ended('delivered|dead', window)} / 0.01`

const healthy: Panel[] = [
  {
    title: 'Delivered',
    description:
      'Share of the deliveries that ended in the shown time which were delivered; the rest are dead letters. Below 99 %: see the causes below, mend, redrive.',
    kind: 'stat',
    unit: 'percentunit',
    steps: OBJECTIVE,
    queries: [
      { expr: `${ended('delivered', '$__range')} / ${ended('delivered|dead', '$__range')}` },
    ],
    runbook: 'PosthornDeliveryBurnFast',
  },
  {
    title: 'Publishes taken',
    description:
      'Share of well-formed publishes that were not answered 503. Below 99.9 %: Redis is away, slow or full; see /readyz of the APIs.',
    kind: 'stat',
    unit: 'percentunit',
    steps: [
      [null, 'red'],
      [0.99, 'yellow'],
      [0.999, 'green'],
    ],
    queries: [
      {
        expr: 'sum(rate(posthorn_events_published_total{$ns, result=~"accepted|duplicate"}[$__range])) / sum(rate(posthorn_events_published_total{$ns, result!="rejected"}[$__range]))',
      },
    ],
    runbook: 'PosthornPublishBurnFast',
  },
  {
    title: 'First try, p99',
    description:
      'From acceptance to delivery, of deliveries whose first attempt made it. High: compare with the attempts (receivers) and with the waits on the dashboard Queues (Posthorn).',
    kind: 'stat',
    unit: 's',
    steps: [
      [null, 'green'],
      [1, 'yellow'],
      [5, 'red'],
    ],
    queries: [
      {
        expr: 'histogram_quantile(0.99, sum by (le) (rate(posthorn_delivery_latency_seconds_bucket{$ns, attempt="first"}[$__range])))',
      },
    ],
    runbook: 'PosthornQueueOld',
  },
  {
    title: 'Error budget burn, 1 h',
    description:
      'How many times faster than the objective (99 %) allows deliveries died in the last hour. 1 uses up exactly the budget; from 14.4 on somebody is woken.',
    kind: 'stat',
    unit: 'none',
    steps: BURN,
    queries: [{ expr: burn('1h') }],
    runbook: 'PosthornDeliveryBurnFast',
  },
  {
    title: 'Dead letters',
    description:
      'That wait for a redrive. Look at their reasons, mend the cause, redrive or purge.',
    kind: 'stat',
    unit: 'short',
    steps: [
      [null, 'green'],
      [1, 'yellow'],
      [1_000, 'red'],
    ],
    queries: [{ expr: 'max(posthorn_dead_letters{$ns})' }],
    runbook: 'PosthornDeadLettersGrow',
  },
  {
    title: 'Alerts',
    description: 'Of Posthorn that fire now; what to do is on the dashboard Runbook.',
    kind: 'stat',
    unit: 'none',
    steps: BAD_ABOVE_0,
    queries: [
      {
        expr: `count by (alertname) (${FIRING}) or (vector(0) unless on () ${FIRING})`,
        legend: '{{alertname}}',
      },
    ],
  },
]

const success: Panel[] = [
  {
    title: 'Success ratio',
    description:
      'Of deliveries that ended, and of single attempts. Attempts fall first when receivers fail; deliveries follow when retries run out.',
    kind: 'timeseries',
    unit: 'percentunit',
    queries: [
      {
        expr: `${ended('delivered', '$__rate_interval')} / ${ended('delivered|dead', '$__rate_interval')}`,
        legend: 'deliveries',
      },
      {
        expr: 'sum(rate(posthorn_delivery_attempts_total{$ns, outcome="success"}[$__rate_interval])) / sum(rate(posthorn_delivery_attempts_total{$ns}[$__rate_interval]))',
        legend: 'attempts',
      },
    ],
    runbook: 'PosthornDeliveryBurnSlow',
  },
  {
    title: 'Error budget burn',
    description:
      'Times the rate that the objective allows, over three windows. Alerts: 14.4 in 1 h and 5 min, 6 in 6 h and 30 min.',
    kind: 'timeseries',
    unit: 'none',
    steps: BURN,
    queries: ['5m', '1h', '6h'].map((window) => ({ expr: burn(window), legend: window })),
    runbook: 'PosthornDeliveryBurnFast',
  },
]

const attempts: Panel[] = [
  {
    title: 'Attempts by outcome',
    description:
      'One kind of failure over many webhooks is yours: dns, connect and timeout point to the workers’ network. Of one webhook it is its receiver’s.',
    kind: 'timeseries',
    unit: 'reqps',
    stacked: true,
    queries: [
      {
        expr: 'sum by (outcome) (rate(posthorn_delivery_attempts_total{$ns}[$__rate_interval]))',
        legend: '{{outcome}}',
      },
    ],
  },
  {
    title: 'Top causes of failure',
    description: 'Failed attempts in the shown time, by outcome and class of the status code.',
    kind: 'bargauge',
    unit: 'short',
    queries: [
      {
        expr: 'topk(6, sum by (outcome, status_class) (increase(posthorn_delivery_attempts_total{$ns, outcome!="success"}[$__range])))',
        legend: '{{outcome}} {{status_class}}',
      },
    ],
  },
]

const latency: Panel[] = [
  {
    title: 'First try: acceptance to delivery',
    description: 'What Posthorn and the receiver need together. Answers lie between two buckets.',
    kind: 'timeseries',
    unit: 's',
    queries: quantiles('posthorn_delivery_latency_seconds', '$ns, attempt="first"'),
  },
  {
    title: 'After retries: acceptance to delivery',
    description: 'Made of the retry policy and of how long receivers were down.',
    kind: 'timeseries',
    unit: 's',
    queries: quantiles('posthorn_delivery_latency_seconds', '$ns, attempt="retry"'),
  },
  {
    title: 'One attempt',
    description: 'From its start to its end: receivers, or the network on the way to them.',
    kind: 'timeseries',
    unit: 's',
    queries: quantiles('posthorn_delivery_attempt_duration_seconds', '$ns'),
  },
]

const outcome: Panel[] = [
  {
    title: 'Events published',
    description:
      'By what the API answered. rejected: a producer sends what is refused. unavailable: Redis is away or full.',
    kind: 'timeseries',
    unit: 'reqps',
    stacked: true,
    queries: [
      {
        expr: 'sum by (result) (rate(posthorn_events_published_total{$ns}[$__rate_interval]))',
        legend: '{{result}}',
      },
    ],
    runbook: 'PosthornPublishBurnSlow',
  },
  {
    title: 'Deliveries that ended',
    description: 'Each counted by the process that ended it.',
    kind: 'timeseries',
    unit: 'ops',
    stacked: true,
    queries: [
      {
        expr: 'sum by (result) (rate(posthorn_deliveries_total{$ns}[$__rate_interval]))',
        legend: '{{result}}',
      },
    ],
  },
  {
    title: 'Dead letters over time',
    description: 'How many wait, and how many deliveries died in the hour before.',
    kind: 'timeseries',
    unit: 'short',
    queries: [
      { expr: 'max(posthorn_dead_letters{$ns})', legend: 'waiting' },
      {
        expr: 'sum(increase(posthorn_deliveries_total{$ns, result="dead"}[1h]))',
        legend: 'new in 1 h',
      },
    ],
    runbook: 'PosthornDeadLettersGrow',
  },
]

export const delivery: Dashboard = {
  uid: 'posthorn-delivery',
  title: 'Posthorn: Delivery health',
  description: 'Do events arrive, how fast, and if not, why?',
  variables: [],
  rows: [
    { title: 'Is it healthy?', panels: healthy },
    { title: 'Success', panels: success },
    { title: 'Attempts', panels: attempts },
    { title: 'Latency', panels: latency },
    { title: 'In and out', panels: outcome },
  ],
}
