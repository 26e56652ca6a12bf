import { BAD_ABOVE_0, type Dashboard, INSTANCE, JOB, type Panel, type Step } from './model.ts'

const AT_LEAST_1: readonly Step[] = [
  [null, 'red'],
  [1, 'green'],
]
const readyOf = (process: string) => `sum(posthorn_ready{$ns, process="${process}"})`
const REQUESTS = 'posthorn_http_request_duration_seconds'

const healthy: Panel[] = [
  ...(['api', 'worker'] as const).map(
    (process): Panel => ({
      title: process === 'api' ? 'APIs ready' : 'Workers ready',
      description:
        'Processes whose /readyz says ready. Fewer than you run: read the reasons there.',
      kind: 'stat',
      unit: 'none',
      steps: AT_LEAST_1,
      queries: [{ expr: readyOf(process) }],
      runbook: process === 'api' ? 'PosthornNotReady' : 'PosthornNoWorkers',
    }),
  ),
  {
    title: 'Not ready',
    description: 'Processes that run and do not do their work.',
    kind: 'stat',
    unit: 'none',
    steps: BAD_ABOVE_0,
    queries: [{ expr: 'count(posthorn_ready{$ns}) - sum(posthorn_ready{$ns})' }],
    runbook: 'PosthornNotReady',
  },
  {
    title: 'Attempts in the air',
    description: 'Over all workers. At POSTHORN_WORKER_MAX_IN_FLIGHT for each: add workers.',
    kind: 'stat',
    unit: 'short',
    queries: [{ expr: 'sum(posthorn_inflight_attempts{$ns})' }],
    runbook: 'PosthornQueueOld',
  },
  {
    title: 'Requests answered 5xx',
    description: 'Share of the API’s requests. 503 has a code that says why.',
    kind: 'stat',
    unit: 'percentunit',
    steps: [
      [null, 'green'],
      [0.001, 'yellow'],
      [0.01, 'red'],
    ],
    queries: [
      {
        expr: `(sum(rate(${REQUESTS}_count{$ns, status=~"5.."}[$__range])) or vector(0)) / sum(rate(${REQUESTS}_count{$ns}[$__range]))`,
      },
    ],
    runbook: 'PosthornPublishBurnFast',
  },
  {
    title: 'Restarts',
    description: 'Processes that began anew in the shown time, at the same address.',
    kind: 'stat',
    unit: 'none',
    queries: [{ expr: 'sum(changes(process_start_time_seconds{$at}[$__range]))' }],
  },
]

const workers: Panel[] = [
  {
    title: 'Ready processes',
    description: 'By what they are. A step down that nobody made: look at that process.',
    kind: 'timeseries',
    unit: 'none',
    queries: [{ expr: 'sum by (process) (posthorn_ready{$ns})', legend: '{{process}}' }],
  },
  {
    title: 'Attempts in the air',
    description: 'By process. Even over the workers is normal; one at its limit alone is stuck.',
    kind: 'timeseries',
    unit: 'short',
    queries: [
      {
        expr: 'sum by (instance) (posthorn_inflight_attempts{$at}) and on (instance) posthorn_ready{$at, process="worker"}',
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'Attempts by worker',
    description: 'Requests sent to webhooks.',
    kind: 'timeseries',
    unit: 'reqps',
    stacked: true,
    queries: [
      {
        expr: 'sum by (instance) (rate(posthorn_delivery_attempts_total{$at}[$__rate_interval]))',
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'The way out',
    description:
      'Attempts refused because their address is forbidden (somebody points a webhook inside, or POSTHORN_ALLOW_CIDRS lacks a range), and those that the egress proxy failed.',
    kind: 'timeseries',
    unit: 'reqps',
    queries: [
      { expr: 'sum(rate(posthorn_ssrf_blocked_total{$ns}[$__rate_interval]))', legend: 'blocked' },
      {
        expr: 'sum by (fault) (rate(posthorn_egress_faults_total{$ns}[$__rate_interval]))',
        legend: 'proxy {{fault}}',
      },
    ],
  },
]

const api: Panel[] = [
  {
    title: 'Requests by status',
    description: 'Over all APIs. 4xx are the clients’, 5xx are Redis’ or ours.',
    kind: 'timeseries',
    unit: 'reqps',
    stacked: true,
    queries: [
      {
        expr: `sum by (status) (rate(${REQUESTS}_count{$at}[$__rate_interval]))`,
        legend: '{{status}}',
      },
    ],
  },
  {
    title: 'Requests by route',
    description: 'Without probes and scrapes.',
    kind: 'timeseries',
    unit: 'reqps',
    queries: [
      {
        expr: `sum by (method, route) (rate(${REQUESTS}_count{$at, route=~"/v1/.*"}[$__rate_interval]))`,
        legend: '{{method}} {{route}}',
      },
    ],
  },
  {
    title: 'Publish, p99',
    description: 'Slow: Redis is slow (its SLOWLOG, its disk), or the API needs CPU; add an API.',
    kind: 'timeseries',
    unit: 's',
    queries: [
      {
        expr: `histogram_quantile(0.99, sum by (le, route) (rate(${REQUESTS}_bucket{$at, method="POST", route=~"/v1/events.*"}[$__rate_interval])))`,
        legend: '{{route}}',
      },
    ],
  },
]

const node: Panel[] = [
  {
    title: 'Event-loop lag, p99',
    description: 'Over 0.1 s for long: the process has not enough CPU. Add one, or give it a core.',
    kind: 'timeseries',
    unit: 's',
    queries: [{ expr: 'nodejs_eventloop_lag_p99_seconds{$at}', legend: '{{instance}}' }],
  },
  {
    title: 'CPU',
    description: 'Cores. A process uses little more than one.',
    kind: 'timeseries',
    unit: 'none',
    queries: [
      { expr: 'rate(process_cpu_seconds_total{$at}[$__rate_interval])', legend: '{{instance}}' },
    ],
  },
  {
    title: 'Memory',
    description: 'Resident. An idle process takes at most 150 MB.',
    kind: 'timeseries',
    unit: 'bytes',
    queries: [{ expr: 'process_resident_memory_bytes{$at}', legend: '{{instance}}' }],
  },
]

export const processes: Dashboard = {
  uid: 'posthorn-processes',
  title: 'Posthorn: Workers and API',
  description: 'Are there enough processes, and are they well?',
  variables: [JOB, INSTANCE],
  rows: [
    { title: 'Are they there?', panels: healthy },
    { title: 'Workers', panels: workers },
    { title: 'API', panels: api },
    { title: 'Node', panels: node },
  ],
}
