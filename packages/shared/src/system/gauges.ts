import { CircuitStore, type ListedCircuit } from '../circuit/store.ts'
import { Lanes } from '../lane/lane.ts'
import { type Shard, webhookDirectoryKey } from '../queue/keys.ts'
import { DEAD_LETTERS, DELIVERIES, QUEUE_NAMES, type QueueName } from '../queue/queues.ts'
import { JOB_STATES, type JobState, type QueueSample, sampleQueues } from '../queue/sample.ts'
import {
  circuitOldestOpen,
  circuits,
  deadLetters,
  parkedDeliveries,
  queueJobs,
  queueOldestWaiting,
  retriesScheduled,
} from '../runtime/metrics.ts'
import type { RedisClient } from '../runtime/redis.ts'

/** How often each process looks. */
export const SAMPLE_EVERY_MS = 2_000

/**
 * Looks at everything that waits and sets the gauges. They are global values: every replica reports
 * the same.
 * @param nowMs Redis' time
 */
export async function sampleGauges(
  redis: RedisClient,
  namespace: string,
  shards: readonly Shard[],
  nowMs: number,
): Promise<QueueSample[]> {
  const [samples, parked, webhooks, failing] = await Promise.all([
    sampleQueues(redis, shards, nowMs),
    countParked(new Lanes(redis, namespace)),
    redis.zcard(webhookDirectoryKey(namespace)),
    new CircuitStore(redis, namespace).list(),
  ])
  reportQueues(samples)
  parkedDeliveries.set(parked)
  reportCircuits(failing, webhooks, nowMs)
  return samples
}

function reportQueues(samples: readonly QueueSample[]): void {
  for (const queue of QUEUE_NAMES) {
    const ofQueue = samples.filter((sample) => sample.queue === queue)
    for (const state of JOB_STATES) queueJobs.set({ queue, state }, jobsIn(samples, queue, state))
    const oldest = Math.max(0, ...ofQueue.map(({ oldestWaitingMs }) => oldestWaitingMs))
    queueOldestWaiting.set({ queue }, oldest / 1_000)
  }
  retriesScheduled.set(jobsIn(samples, DELIVERIES, 'delayed'))
  deadLetters.set(jobsIn(samples, DEAD_LETTERS, 'delayed'))
}

/** An open circuit whose probe is due is half open. */
function reportCircuits(failing: readonly ListedCircuit[], webhooks: number, nowMs: number): void {
  const probes = failing.flatMap(({ probeAtMs }) => (probeAtMs === undefined ? [] : [probeAtMs]))
  const halfOpen = probes.filter((atMs) => atMs <= nowMs).length
  circuits.set({ state: 'open' }, probes.length - halfOpen)
  circuits.set({ state: 'half_open' }, halfOpen)
  circuits.set({ state: 'closed' }, Math.max(0, webhooks - probes.length))
  const openSince = failing.map(({ openSinceMs }) => openSinceMs ?? nowMs)
  // Webhooks that take turns in failing never make it large: it is one circuit's age.
  circuitOldestOpen.set(Math.max(0, nowMs - Math.min(nowMs, ...openSince)) / 1_000)
}

const jobsIn = (samples: readonly QueueSample[], queue: QueueName, state: JobState) =>
  samples
    .filter((sample) => sample.queue === queue)
    .reduce((total, { jobs }) => total + jobs[state], 0)

async function countParked(lanes: Lanes): Promise<number> {
  const listed = await lanes.list()
  const sizes = await Promise.all(listed.map(({ webhookId }) => lanes.size(webhookId)))
  return sizes.reduce((total, { waiting, inFlight }) => total + waiting + inFlight, 0)
}
