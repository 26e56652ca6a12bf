import { OUTCOMES } from '../attempt/result.ts'
import { QUEUE_NAMES } from '../queue/queues.ts'
import { JOB_STATES } from '../queue/sample.ts'
import type { ProcessName } from './variable.ts'

/**
 * What an operator is told of each metric beside its name, type and help: `docs/metrics.md` is
 * written from here and from the metrics themselves, and fails when the two do not fit.
 */
export interface MetricNote {
  readonly unit: string
  /** Processes on which it has values; on others it is absent or 0. */
  readonly on: readonly ProcessName[]
  /** Every process reports the same value: take `max`, never `sum`. */
  readonly global?: true
  /** Of one process, and nothing is known at its start: 0 would say that all is well. */
  readonly absentAtFirst?: true
  /** All values of each label; as text where they cannot be listed. */
  readonly labels?: Readonly<Record<string, readonly string[] | string>>
  /** What to do when it looks bad. */
  readonly action: string
}

const API = ['api'] as const
const WORKER = ['worker'] as const
const BOTH = ['api', 'worker'] as const

export const METRIC_NOTES: Readonly<Record<string, MetricNote>> = {
  posthorn_ready: {
    unit: '0 or 1',
    on: BOTH,
    labels: { process: BOTH },
    action:
      '0: its `/readyz` says why. `sum by (process)` of it is how many of each do their work; a process that is gone is not in it.',
  },
  posthorn_events_published_total: {
    unit: 'events',
    on: API,
    labels: { result: ['accepted', 'duplicate', 'rejected', 'unavailable'] },
    action:
      '`rejected` grows: a producer sends what is refused; the log lines of the API name the `problem`. `unavailable` grows: Redis is away or full, look at `/readyz`. Requests refused for their key (401, 403) are not counted here, nor is a batch that is refused as a whole.',
  },
  posthorn_http_request_duration_seconds: {
    unit: 'seconds',
    on: API,
    labels: {
      method: 'the method, `other` for what is none',
      route: 'the pattern (`/v1/events/{id}`), `unknown` for none of ours',
      status: 'the status code',
    },
    action:
      'Slow publishes: Redis is slow (its `SLOWLOG`, its disk) or the API needs CPU; add an API. `/v1/stream` lasts as long as it is read: leave that route out.',
  },
  posthorn_delivery_attempts_total: {
    unit: 'attempts',
    on: WORKER,
    labels: {
      outcome: OUTCOMES,
      status_class: ['1xx', '2xx', '3xx', '4xx', '5xx', 'none'],
    },
    action:
      'Failures of one kind over many webhooks at once are yours: `dns`, `connect`, `timeout` point to the network of the workers. Of one webhook they are its receiver’s: see its stats.',
  },
  posthorn_delivery_attempt_duration_seconds: {
    unit: 'seconds',
    on: WORKER,
    action:
      'Receivers are slow, or the network is. A slow one only slows its own lane; see `posthorn_parked_deliveries`.',
  },
  posthorn_inflight_attempts: {
    unit: 'attempts',
    on: WORKER,
    action:
      'At `POSTHORN_WORKER_MAX_IN_FLIGHT` for long: add workers, or raise it if CPU and memory allow.',
  },
  posthorn_ssrf_blocked_total: {
    unit: 'attempts',
    on: WORKER,
    action:
      'Somebody points a webhook at an address inside, or a legitimate range is missing in `POSTHORN_ALLOW_CIDRS`. The deliveries with such an attempt name the webhook; no text names the address.',
  },
  posthorn_egress_faults_total: {
    unit: 'attempts',
    on: WORKER,
    labels: { fault: ['unreachable', 'refused', 'silent', 'broken'] },
    action:
      'Only with `POSTHORN_EGRESS_PROXY`. `unreachable`: the proxy is down, and workers are not ready until it is back. `refused` for all: its credentials or rules; a few now and then: receivers that are down, for which the proxy does not say so.',
  },
  posthorn_deliveries_total: {
    unit: 'deliveries',
    on: BOTH,
    labels: { result: ['delivered', 'dead', 'cancelled'] },
    action: '`dead` grows: list the dead letters by reason, mend the cause, redrive.',
  },
  posthorn_delivery_latency_seconds: {
    unit: 'seconds',
    on: WORKER,
    labels: { attempt: ['first', 'retry'] },
    action:
      '`first` is what Posthorn and the receiver need together: compare it with the duration of attempts and the wait in queues. `retry` is made of the retry policy.',
  },
  posthorn_queue_wait_seconds: {
    unit: 'seconds',
    on: WORKER,
    labels: { queue: QUEUE_NAMES },
    action: 'Over a second for long: too few workers for what comes, or Redis is slow.',
  },
  posthorn_queue_jobs: {
    unit: 'jobs',
    on: BOTH,
    global: true,
    labels: { queue: QUEUE_NAMES, state: JOB_STATES },
    action:
      '`waiting` grows without end: add workers. `failed` is always 0: anything else is a fault of Posthorn, keep the job and report it.',
  },
  posthorn_queue_oldest_waiting_seconds: {
    unit: 'seconds',
    on: BOTH,
    global: true,
    labels: { queue: QUEUE_NAMES },
    action:
      'Grows with time itself: nobody takes jobs. Is a worker ready? Its `/readyz` says why not.',
  },
  posthorn_retries_scheduled: {
    unit: 'jobs',
    on: BOTH,
    global: true,
    action: 'A sudden rise: some receivers fail. They are tried again by themselves.',
  },
  posthorn_dead_letters: {
    unit: 'dead letters',
    on: BOTH,
    global: true,
    action:
      'Redrive or purge them; what nobody touches expires after `POSTHORN_DEAD_LETTER_RETENTION`.',
  },
  posthorn_parked_deliveries: {
    unit: 'deliveries',
    on: BOTH,
    global: true,
    action:
      'A webhook is paused, limited, down (its circuit is open), or slower than what is sent to it: `GET /v1/deliveries?status=parked` names it. Or it is `ordered`, and its first open delivery fails: what waits behind that is `pending`.',
  },
  posthorn_unusable_webhooks: {
    unit: 'webhooks',
    on: WORKER,
    action:
      'Above 0: an encryption key is missing on this worker. Its log and `/readyz` say which one; put it back and the deliveries go out.',
  },
  posthorn_values_under_old_keys: {
    unit: 'values',
    on: WORKER,
    absentAtFirst: true,
    action:
      'Above 0: a key is missing on this worker; do not remove any other. 0 on every worker after a rotation: the old key may go. Absent until a worker has looked at all webhooks, which it does at its start and every 10 minutes.',
  },
  posthorn_circuits: {
    unit: 'webhooks',
    on: BOTH,
    global: true,
    labels: { state: ['closed', 'open', 'half_open'] },
    action:
      'Receivers that are down are `open`, or `half_open` while one delivery is tried. Their deliveries wait; `circuit` of the webhook says why.',
  },
  posthorn_circuit_oldest_open_seconds: {
    unit: 'seconds',
    on: BOTH,
    global: true,
    labels: {},
    action:
      'One receiver has been down for so long. `GET /v1/deliveries?status=parked` names webhooks that wait.',
  },
  posthorn_job_errors_total: {
    unit: 'errors',
    on: WORKER,
    labels: { queue: QUEUE_NAMES },
    action:
      'The error is ours or Redis’, never a receiver’s; the log line `a job threw and will run again` carries it. Some while Redis is away are normal; without that, report it.',
  },
  posthorn_newer_jobs_total: {
    unit: 'meetings',
    on: WORKER,
    labels: { queue: QUEUE_NAMES },
    action:
      'Normal while versions are rolled. Growing for long: APIs or workers of a newer version run, and workers of this one still do; finish the upgrade. Nothing is lost: the jobs wait.',
  },
  posthorn_missing_records_total: {
    unit: 'look-ups',
    on: WORKER,
    action:
      'Above 0: Redis lost something that it had acknowledged (a fail-over, a cut AOF, eviction, a deleted key). The log names tenant and event; publish those again.',
  },
  posthorn_unreadable_records_total: {
    unit: 'look-ups',
    on: BOTH,
    labels: { record: ['event', 'webhook', 'log', 'note'] },
    action:
      'Above 0: something else than Posthorn has written to its keys, or Redis’ data is damaged. Nothing else is held up. The log names it: publish such an event again under another id; a `webhook` gets no events until it is deleted and created anew, and what is open for it waits.',
  },
  posthorn_history_dropped_events_total: {
    unit: 'events',
    on: WORKER,
    labels: { reason: ['age', 'memory'] },
    action:
      '`memory` grows: finished events go before `POSTHORN_RETENTION`. Give Redis more memory, raise `POSTHORN_HISTORY_MAX_BYTES`, or shorten the retention.',
  },
  posthorn_redis_memory_ratio: {
    unit: 'ratio',
    on: BOTH,
    global: true,
    action:
      'From 0.85 on events are refused with 503. Purge dead letters, shorten retentions, or give Redis more memory. 0: set a `maxmemory`.',
  },
  posthorn_redis_aof_enabled: {
    unit: '0 or 1',
    on: BOTH,
    global: true,
    action:
      '0: a restart of Redis loses events. `CONFIG SET appendonly yes`, and in its configuration.',
  },
  posthorn_redis_noeviction: {
    unit: '0 or 1',
    on: BOTH,
    global: true,
    action:
      '0: Redis may throw events away, and no process is ready. Set `maxmemory-policy noeviction`.',
  },
}
