import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { latencies } from './exemplars.ts'
import { METRIC_NOTES } from './metric-notes.ts'
import type { ProcessName } from './variable.ts'

/**
 * The metrics of one process. No label holds a tenant, webhook, URL or event id, so the number of
 * series does not grow with what is sent. Queue gauges are global: each replica reports the same
 * value, so take `max` over replicas, never `sum`.
 */
export const registry = new Registry()

const MS = 0.001
const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export const eventsPublished = new Counter({
  name: 'posthorn_events_published_total',
  help: 'Events published, by what the API answered',
  labelNames: ['result'] as const,
  registers: [registry],
})

export const deliveryAttempts = new Counter({
  name: 'posthorn_delivery_attempts_total',
  help: 'Requests sent to webhooks, by outcome and class of the status code',
  labelNames: ['outcome', 'status_class'] as const,
  registers: [registry],
})

export const deliveries = new Counter({
  name: 'posthorn_deliveries_total',
  help: 'Deliveries that ended, counted by the process that made the transition',
  labelNames: ['result'] as const,
  registers: [registry],
})

export const attemptDuration = latencies(registry, {
  name: 'posthorn_delivery_attempt_duration_seconds',
  help: 'From the start of an attempt to its end',
  buckets: [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 15_000, 30_000].map(
    (ms) => ms * MS,
  ),
})

export const deliveryLatency = latencies(registry, {
  name: 'posthorn_delivery_latency_seconds',
  help: 'From the acceptance of an event to its delivery, by whether the first attempt made it',
  labelNames: ['attempt'] as const,
  buckets: [
    10 * MS,
    25 * MS,
    50 * MS,
    100 * MS,
    250 * MS,
    500 * MS,
    1,
    2.5,
    5,
    10,
    30,
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    HOUR,
    4 * HOUR,
    12 * HOUR,
    DAY,
    3 * DAY,
  ],
})

export const queueWait = new Histogram({
  name: 'posthorn_queue_wait_seconds',
  help: 'From the time a job was due to the time a worker took it',
  labelNames: ['queue'] as const,
  buckets: [
    MS,
    5 * MS,
    10 * MS,
    25 * MS,
    50 * MS,
    100 * MS,
    250 * MS,
    500 * MS,
    1,
    2.5,
    5,
    10,
    30,
    MINUTE,
    5 * MINUTE,
  ],
  registers: [registry],
})

export const queueJobs = new Gauge({
  name: 'posthorn_queue_jobs',
  help: 'Jobs in a queue by state (global: take max over replicas)',
  labelNames: ['queue', 'state'] as const,
  registers: [registry],
})

export const queueOldestWaiting = new Gauge({
  name: 'posthorn_queue_oldest_waiting_seconds',
  help: 'Age of the oldest job that waits for a worker, 0 when none waits (global)',
  labelNames: ['queue'] as const,
  registers: [registry],
})

export const retriesScheduled = new Gauge({
  name: 'posthorn_retries_scheduled',
  help: 'Deliveries that wait for the time of their next attempt (global)',
  registers: [registry],
})

export const deadLetters = new Gauge({
  name: 'posthorn_dead_letters',
  help: 'Dead letters that wait for a redrive (global)',
  registers: [registry],
})

export const parkedDeliveries = new Gauge({
  name: 'posthorn_parked_deliveries',
  help: 'Deliveries that wait in the lane of a webhook that is not ready (global)',
  registers: [registry],
})

export const unusableWebhooks = new Gauge({
  name: 'posthorn_unusable_webhooks',
  help: 'Webhooks whose deliveries wait because this process cannot open or read what is stored of them',
  registers: [registry],
})

export const valuesUnderOldKeys = new Gauge({
  name: 'posthorn_values_under_old_keys',
  help: 'Secrets and header values that this worker cannot bring under its newest encryption key',
  registers: [registry],
})

export const inflightAttempts = new Gauge({
  name: 'posthorn_inflight_attempts',
  help: 'Attempts of this process that are in the air',
  registers: [registry],
})

export const circuits = new Gauge({
  name: 'posthorn_circuits',
  help: 'Webhooks by the state of their circuit (global)',
  labelNames: ['state'] as const,
  registers: [registry],
})

export const circuitOldestOpen = new Gauge({
  name: 'posthorn_circuit_oldest_open_seconds',
  help: 'For how long the circuit that opened first has been open or half open; 0 without one (global)',
  registers: [registry],
})

export const httpRequestDuration = latencies(registry, {
  name: 'posthorn_http_request_duration_seconds',
  help: 'API requests, by route pattern',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500].map((ms) => ms * MS),
})

export const ssrfBlocked = new Counter({
  name: 'posthorn_ssrf_blocked_total',
  help: 'Attempts refused because the address is private, reserved or otherwise forbidden',
  registers: [registry],
})

export const egressFaults = new Counter({
  name: 'posthorn_egress_faults_total',
  help: 'Attempts that the egress proxy failed; they count for nothing and are made again',
  labelNames: ['fault'] as const,
  registers: [registry],
})

export const ready = new Gauge({
  name: 'posthorn_ready',
  help: '1 when this process is ready, 0 when it is not, as its /readyz says',
  labelNames: ['process'] as const,
  registers: [registry],
})

export const redisMemoryRatio = new Gauge({
  name: 'posthorn_redis_memory_ratio',
  help: "Redis' used memory over its maxmemory, 0 when it has no limit",
  registers: [registry],
})

export const redisAofEnabled = new Gauge({
  name: 'posthorn_redis_aof_enabled',
  help: '1 when Redis writes an append-only file',
  registers: [registry],
})

export const redisNoEviction = new Gauge({
  name: 'posthorn_redis_noeviction',
  help: '1 when Redis never evicts keys',
  registers: [registry],
})

export const historyDropped = new Counter({
  name: 'posthorn_history_dropped_events_total',
  help: 'Finished events dropped from the history, because of their age or to keep its memory budget',
  labelNames: ['reason'] as const,
  registers: [registry],
})

export const missingRecords = new Counter({
  name: 'posthorn_missing_records_total',
  help: 'Jobs, leases and lane entries whose event record was gone: each one is lost data',
  registers: [registry],
})

export const unreadableRecords = new Counter({
  name: 'posthorn_unreadable_records_total',
  help: 'Times that something in Redis could not be read and was passed over, by what it is',
  labelNames: ['record'] as const,
  registers: [registry],
})

export const newerJobs = new Counter({
  name: 'posthorn_newer_jobs_total',
  help: 'Times that a worker met a job of a newer version and left it to a newer worker',
  labelNames: ['queue'] as const,
  registers: [registry],
})

export const jobErrors = new Counter({
  name: 'posthorn_job_errors_total',
  help: 'Errors thrown while a job was worked on; the job runs again',
  labelNames: ['queue'] as const,
  registers: [registry],
})

/**
 * Adds Node's own metrics (memory, event-loop lag, garbage collection, handles), and says what is known
 * before anything has happened: counters and histograms of this process are 0, since `increase()` does not
 * see the first step of one that was not there; global gauges are absent, since nobody has looked yet.
 */
export function startProcessMetrics(process: ProcessName): void {
  collectDefaultMetrics({ register: registry })
  for (const [name, { on, global, absentAtFirst, labels = {} }] of Object.entries(METRIC_NOTES)) {
    const metric = registry.getSingleMetric(name)
    const [only, ...others] = Object.entries(labels)
    if (metric instanceof Gauge && (global || absentAtFirst) && !only) metric.remove()
    if (!on.includes(process) || !only || others.length > 0) continue
    const [label, values] = only
    if (typeof values === 'string') continue
    for (const value of values) {
      if (metric instanceof Counter) metric.inc({ [label]: value }, 0)
      else if (metric instanceof Histogram) metric.zero({ [label]: value })
    }
  }
}
