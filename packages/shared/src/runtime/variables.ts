import { z } from 'zod'
import type { EgressProxy } from '../attempt/egress/proxy.ts'
import { DEFAULT_RETRY_POLICY_TEXT } from '../retry/parse.ts'
import { circuitVariables } from './circuit-variables.ts'
import { developmentVariables } from './development-variables.ts'
import { portalVariables } from './portal-variables.ts'
import { signInVariables } from './sign-in-variables.ts'
import { optional, type ProcessName, variable } from './variable.ts'
import * as type from './variable-types.ts'

// Every variable of the environment that Posthorn reads: validated from here, documented from here.

const both = ['api', 'worker'] as const
const KIB = 1_024
const MIB = 1_024 * KIB
const GIB = 1_024 * MIB

export const variables = {
  redisUrl: variable({
    name: 'REDIS_URL',
    schema: type.redisUrl,
    unit: 'URL',
    description:
      'Where Redis is: `redis://`, `rediss://` (TLS), a comma-separated list of Cluster seeds, or `redis+sentinel://host,host/name`. Required by `start:api` and `start:worker`; `npm start` brings up its own.',
    processes: both,
    secret: 'url',
  }),
  durability: variable({
    name: 'POSTHORN_DURABILITY',
    schema: type.durability,
    defaultText: 'fast',
    unit: '`fast`, `durable`, `replicated:N`',
    description:
      "What a 202 promises, see [durability](operations.md#durability): Redis has the event (`fast`), it is on Redis' disk (`durable`), N replicas have it (`replicated:N`). What cannot be confirmed in time is answered 503.",
    processes: ['api'],
  }),
  redisFsync: optional({
    name: 'POSTHORN_REDIS_FSYNC',
    schema: type.fsync,
    optional: 'asked of Redis',
    unit: '`always`, `everysec`, `no`',
    description:
      "Redis' `appendfsync`, for `durable` on a Redis before 7.2 that refuses `CONFIG GET`. What Redis says itself counts more.",
    processes: ['api'],
  }),
  redisChecks: variable({
    name: 'POSTHORN_REDIS_CHECKS',
    schema: type.redisChecks,
    defaultText: 'enforce',
    unit: '`enforce`, `warn`',
    description:
      'A Redis that evicts keys, has no append-only file or is older than 6.2 may lose events: processes are not ready (`enforce`), or only log it (`warn`). `npm start` uses `warn`.',
    processes: both,
  }),
  port: variable({
    name: 'PORT',
    schema: type.port,
    defaultText: '3000',
    unit: 'TCP port',
    description: 'Where the API listens.',
    processes: ['api'],
  }),
  workerPort: variable({
    name: 'POSTHORN_WORKER_PORT',
    schema: type.port,
    defaultText: '3001',
    unit: 'TCP port',
    description: "Where a worker's probes and metrics listen.",
    processes: ['worker'],
  }),
  rootKey: variable({
    name: 'POSTHORN_ROOT_KEY',
    schema: type.apiKey,
    unit: 'text, ≥ 24 characters',
    description:
      'The root API key: role admin, all tenants. `npm start` generates one and keeps it in `.posthorn/`.',
    processes: ['api'],
    secret: true,
  }),
  encryptionKeys: variable({
    name: 'POSTHORN_ENCRYPTION_KEYS',
    schema: type.encryptionKeys,
    unit: 'base64 of 32 bytes, comma-separated',
    description:
      'Keys which encrypt secrets and custom header values at rest, newest first: the first encrypts, all decrypt. Every process needs the same ones. `npm start` generates one and keeps it in `.posthorn/`.',
    processes: both,
    secret: true,
  }),
  ...signInVariables,
  ...portalVariables,
  allowCidrs: variable<readonly string[], ProcessName>({
    name: 'POSTHORN_ALLOW_CIDRS',
    schema: z.union([z.literal('').transform(() => []), type.cidrs]),
    defaultText: '',
    unit: 'CIDR ranges, comma-separated',
    description:
      'Private ranges that webhooks may reach; without it only public addresses. `npm start` uses loopback.',
    processes: both,
  }),
  dnsServers: optional<readonly string[], ProcessName>({
    name: 'POSTHORN_DNS_SERVERS',
    schema: type.dnsServers,
    optional: "the system's resolver",
    unit: 'addresses, comma-separated',
    description:
      'Name servers to ask for the hosts of webhooks, each with or without a port. They alone are asked: no `/etc/hosts`, no search domains. Use it when webhooks should be resolved by other servers than your own names are, or when slow names hold up the system’s resolver.',
    processes: both,
  }),
  egressProxy: optional<EgressProxy, ProcessName>({
    name: 'POSTHORN_EGRESS_PROXY',
    schema: type.egressProxy,
    optional: 'none: attempts go out directly',
    unit: '`http://[user:password@]host[:port]`',
    description:
      'A proxy that every attempt goes through, by `CONNECT` to an address that was checked before; it must allow that for every port that webhooks use. `HTTP_PROXY` and its kin are not read. [What happens when it fails](decisions/0013-the-egress-proxy-is-never-the-webhooks-fault.md).',
    processes: both,
    secret: true,
  }),
  retryPolicy: variable({
    name: 'POSTHORN_RETRY_POLICY',
    schema: type.retryPolicy,
    defaultText: DEFAULT_RETRY_POLICY_TEXT,
    unit: 'policy',
    description:
      'Retry policy of webhooks without their own: `exponential:<first delay>,x<factor>,max=<delay>,attempts=<n>,jitter=<0…1>` or `schedule:5s,5m,30m,…` (n delays make n + 1 attempts).',
    processes: both,
  }),
  attemptTimeoutMs: variable({
    name: 'POSTHORN_ATTEMPT_TIMEOUT',
    schema: type.duration('1s', '60s'),
    defaultText: '15s',
    unit: 'duration',
    description:
      'Total deadline of one attempt (DNS, connect, TLS, headers) for webhooks without their own.',
    processes: both,
  }),
  maxEventBytes: variable({
    name: 'POSTHORN_MAX_EVENT_BYTES',
    schema: type.wholeNumber(KIB, 16 * MIB),
    defaultText: String(256 * KIB),
    unit: 'bytes',
    description: 'Largest `data` of an event that is accepted.',
    processes: ['api'],
  }),
  retentionMs: variable({
    name: 'POSTHORN_RETENTION',
    schema: type.duration('1s', '365d'),
    defaultText: '72h',
    unit: 'duration',
    description:
      'How long finished events, deliveries and attempts stay readable. What is open stays as long as it is open.',
    processes: both,
  }),
  historyMaxBytes: optional({
    name: 'POSTHORN_HISTORY_MAX_BYTES',
    schema: type.wholeNumber(MIB, 1_024 * GIB),
    optional: "a quarter of Redis' `maxmemory`, else 1 GiB (1073741824)",
    unit: 'bytes',
    description:
      'Past it the oldest finished history goes first. Nothing open or dead is dropped, nor an idempotency mark younger than 24 h.',
    processes: ['worker'],
  }),
  deadLetterRetentionMs: variable({
    name: 'POSTHORN_DEAD_LETTER_RETENTION',
    schema: type.duration('1s', '3650d'),
    defaultText: '30d',
    unit: 'duration',
    description: 'How long dead letters, with their payloads, wait for a redrive.',
    processes: both,
  }),
  namespace: variable({
    name: 'POSTHORN_NAMESPACE',
    schema: type.namespace,
    defaultText: 'posthorn',
    unit: 'text',
    description:
      'Prefix of every key in Redis: installations of different namespaces share one Redis.',
    processes: both,
  }),
  shards: variable({
    name: 'POSTHORN_SHARDS',
    schema: type.wholeNumber(1, 64),
    defaultText: '1',
    unit: 'count',
    description:
      'Shards of the queues, for a Redis Cluster. Fixed at the first start: a process configured otherwise refuses to start and says how to migrate.',
    processes: both,
  }),
  eventConcurrency: variable({
    name: 'POSTHORN_WORKER_EVENT_BATCHES',
    schema: type.wholeNumber(1, 256),
    defaultText: '8',
    unit: 'count',
    description: 'Batches of events that a worker handles in parallel, per shard.',
    processes: ['worker'],
  }),
  wakeUpConcurrency: variable({
    name: 'POSTHORN_WORKER_WAKE_UPS',
    schema: type.wholeNumber(1, 1_000),
    defaultText: '50',
    unit: 'count',
    description:
      'Due deliveries (retries and steps of tasks) that a worker handles in parallel, per shard.',
    processes: ['worker'],
  }),
  maxInFlight: variable({
    name: 'POSTHORN_WORKER_MAX_IN_FLIGHT',
    schema: type.wholeNumber(1, 10_000),
    defaultText: '512',
    unit: 'count',
    description:
      'Attempts that a worker has in the air at once. Those that outlast its patience count apart, up to as many again.',
    processes: ['worker'],
  }),
  maxInFlightPerWebhook: variable({
    name: 'POSTHORN_WORKER_MAX_IN_FLIGHT_PER_WEBHOOK',
    schema: type.wholeNumber(1, 10_000),
    defaultText: '50',
    unit: 'count',
    description:
      'Attempts that a worker has in the air at once for one webhook; more wait in its lane, so that a slow receiver slows only itself.',
    processes: ['worker'],
  }),
  ...circuitVariables,
  patienceMs: variable({
    name: 'POSTHORN_WORKER_PATIENCE',
    schema: type.duration('10ms', '10s'),
    defaultText: '500ms',
    unit: 'duration',
    description: 'An attempt that outlasts it leaves its batch, which then no longer waits for it.',
    processes: ['worker'],
  }),
  shutdownTimeoutMs: variable({
    name: 'POSTHORN_SHUTDOWN_TIMEOUT',
    schema: type.duration('1s', '10m'),
    defaultText: '65s',
    unit: 'duration',
    description:
      'After SIGTERM or SIGINT a process lets requests and attempts in the air end by their own deadlines, and leaves at the latest then. A worker waits 5 s at most for a Redis that is away, since without it nothing can be recorded. A second signal leaves at once.',
    processes: both,
  }),
  logLevel: variable({
    name: 'POSTHORN_LOG_LEVEL',
    schema: type.logLevel,
    defaultText: 'info',
    unit: 'level',
    description: `How much is logged, as JSON lines on stdout: ${type.LOG_LEVELS.map((level) => `\`${level}\``).join(', ')}.`,
    processes: both,
  }),
  logSuccesses: variable({
    name: 'POSTHORN_LOG_SUCCESSES',
    schema: type.onOff,
    defaultText: 'on',
    unit: '`on` or `off`',
    description:
      'Whether attempts that succeed and publishes that are taken have a line each at `info`, as those that fail; `off`: at `debug`.',
    processes: both,
  }),
  ...developmentVariables,
} as const

export type Variables = typeof variables
