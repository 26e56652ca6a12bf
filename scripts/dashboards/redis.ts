import type { Dashboard, Panel, Step } from './model.ts'

const ON: readonly Step[] = [
  [null, 'red'],
  [1, 'green'],
]
const MEMORY: readonly Step[] = [
  [null, 'green'],
  [0.7, 'yellow'],
  [0.85, 'red'],
]

const safe: Panel[] = [
  {
    title: 'Memory used',
    description:
      'Of maxmemory. From 85 % on publishes are answered 503: purge dead letters, shorten retentions, or give Redis more. 0: set a maxmemory.',
    kind: 'stat',
    unit: 'percentunit',
    steps: MEMORY,
    queries: [{ expr: 'max(posthorn_redis_memory_ratio{$ns})' }],
    runbook: 'PosthornRedisFull',
  },
  {
    title: 'Append-only file',
    description: 'Off: a restart of Redis loses events. CONFIG SET appendonly yes.',
    kind: 'stat',
    unit: 'none',
    steps: ON,
    texts: { 0: 'OFF', 1: 'on' },
    queries: [{ expr: 'min(posthorn_redis_aof_enabled{$ns})' }],
    runbook: 'PosthornRedisAofOff',
  },
  {
    title: 'Eviction',
    description:
      'Anything but noeviction throws events away. CONFIG SET maxmemory-policy noeviction.',
    kind: 'stat',
    unit: 'none',
    steps: ON,
    texts: { 0: 'EVICTS', 1: 'noeviction' },
    queries: [{ expr: 'min(posthorn_redis_noeviction{$ns})' }],
    runbook: 'PosthornRedisEvicts',
  },
  {
    title: 'Redis answers',
    description: 'As its exporter sees it. Down: publishes are answered 503, and workers wait.',
    kind: 'stat',
    unit: 'none',
    steps: ON,
    texts: { 0: 'DOWN', 1: 'up' },
    queries: [{ expr: 'min(redis_up{$ns})' }],
    runbook: 'PosthornPublishBurnFast',
  },
]

const memory: Panel[] = [
  {
    title: 'Memory of maxmemory',
    description: 'As Posthorn sees it. Alerts: 70 % and 85 %.',
    kind: 'timeseries',
    unit: 'percentunit',
    steps: MEMORY,
    queries: [{ expr: 'max(posthorn_redis_memory_ratio{$ns})', legend: 'used' }],
    runbook: 'PosthornRedisMemoryHigh',
  },
  {
    title: 'Memory',
    description: 'Resident far over used: fragmentation, or an AOF rewrite under way.',
    kind: 'timeseries',
    unit: 'bytes',
    queries: [
      { expr: 'max by (instance) (redis_memory_used_bytes{$ns})', legend: 'used {{instance}}' },
      {
        expr: 'max by (instance) (redis_memory_used_rss_bytes{$ns})',
        legend: 'resident {{instance}}',
      },
    ],
  },
  {
    title: 'History dropped',
    description:
      'Finished events dropped in the hour before. memory: they go before POSTHORN_RETENTION; give Redis more memory or shorten it.',
    kind: 'timeseries',
    unit: 'short',
    queries: [
      {
        expr: 'sum by (reason) (increase(posthorn_history_dropped_events_total{$ns}[1h]))',
        legend: '{{reason}}',
      },
    ],
    runbook: 'PosthornRedisMemoryHigh',
  },
]

const work: Panel[] = [
  {
    title: 'Commands',
    description: 'Redis works on one core: with its CPU at 1 it needs a faster one, or a Cluster.',
    kind: 'timeseries',
    unit: 'ops',
    queries: [
      {
        expr: 'sum by (instance) (rate(redis_commands_processed_total{$ns}[$__rate_interval]))',
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'CPU',
    description: 'Cores of the server, its background work included.',
    kind: 'timeseries',
    unit: 'none',
    queries: [
      {
        expr: 'sum by (instance) (rate(redis_cpu_user_seconds_total{$ns}[$__rate_interval]) + rate(redis_cpu_sys_seconds_total{$ns}[$__rate_interval]))',
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'Slowest commands',
    description: 'Mean time of a call. See SLOWLOG for single ones.',
    kind: 'timeseries',
    unit: 's',
    queries: [
      {
        expr: 'topk(5, sum by (cmd) (rate(redis_commands_duration_seconds_total{$ns}[$__rate_interval])) / (sum by (cmd) (rate(redis_commands_total{$ns}[$__rate_interval])) > 0))',
        legend: '{{cmd}}',
      },
    ],
  },
]

const links: Panel[] = [
  {
    title: 'Clients',
    description: 'Blocked ones are workers that wait for jobs: normal. Rejected: raise maxclients.',
    kind: 'timeseries',
    unit: 'short',
    queries: [
      { expr: 'sum(redis_connected_clients{$ns})', legend: 'connected' },
      { expr: 'sum(redis_blocked_clients{$ns})', legend: 'blocked' },
      {
        expr: 'sum(increase(redis_rejected_connections_total{$ns}[$__rate_interval]))',
        legend: 'rejected',
      },
    ],
  },
  {
    title: 'Network',
    description: 'Bytes to and from Redis.',
    kind: 'timeseries',
    unit: 'Bps',
    queries: [
      { expr: 'sum(rate(redis_net_input_bytes_total{$ns}[$__rate_interval]))', legend: 'in' },
      { expr: 'sum(rate(redis_net_output_bytes_total{$ns}[$__rate_interval]))', legend: 'out' },
    ],
  },
  {
    title: 'Evicted keys',
    description: 'Always 0. Anything else is lost data.',
    kind: 'timeseries',
    unit: 'short',
    queries: [{ expr: 'sum(increase(redis_evicted_keys_total{$ns}[1h]))', legend: 'in 1 h' }],
    runbook: 'PosthornRedisEvicts',
  },
]

export const redis: Dashboard = {
  uid: 'posthorn-redis',
  title: 'Posthorn: Redis',
  description:
    'Is what holds everything safe, and has it room? The first row is what Posthorn sees; what Redis does comes from redis_exporter.',
  variables: [],
  rows: [
    { title: 'Is it safe?', panels: safe },
    { title: 'Memory', panels: memory },
    { title: 'Work', panels: work },
    { title: 'Connections', panels: links },
  ],
}
