import type { QueueOptions, WorkerOptions } from 'bullmq'
import { z } from 'zod'

/**
 * The three queues, in the order of the flow. Payloads hold ids only: what is to be sent, and whether
 * it still is, stands in the record. Each is told apart by its `kind` and carries the version of its
 * schema, so that a worker leaves alone what it does not know yet.
 */
export const EVENTS = 'events'
export const DELIVERIES = 'deliveries'
export const DEAD_LETTERS = 'dead-letters'
export const QUEUE_NAMES = [EVENTS, DELIVERIES, DEAD_LETTERS] as const
export type QueueName = (typeof QUEUE_NAMES)[number]

/** The version of the payloads. A change that an older worker must not run raises it. */
export const SCHEMA_VERSION = 1
const v = z.literal(SCHEMA_VERSION)

const delivery = { v, tenant: z.string(), event: z.string(), webhook: z.string() }

/** A batch of accepted events of one shard, each with the version of its tenant's webhooks. */
const batch = z.object({
  v,
  kind: z.literal('batch'),
  events: z.array(
    // tenant, id, version, webhooks in whose lanes it stands already
    z.tuple([z.string(), z.string(), z.string(), z.array(z.string()).optional()]),
  ),
})

/** A slice of a large fan-out: the event's deliveries for these webhooks. */
const part = z.object({
  v,
  kind: z.literal('part'),
  tenant: z.string(),
  event: z.string(),
  webhooks: z.array(z.string()),
  /** Those of them in whose lanes the event stands already. */
  linedUp: z.array(z.string()).optional(),
})

/** One delivery is due: a retry, a manual retry, a redrive, a replay. */
const wake = z.object({ ...delivery, kind: z.literal('wake'), round: z.int(), attempt: z.int() })

/** A task has a step to do. */
const task = z.object({ v, kind: z.literal('task'), id: z.string() })

/** A dead delivery; the job falls due when its retention ends. */
const deadLetter = z.object({ ...delivery, kind: z.literal('dead-letter'), round: z.int() })

export const payloads = {
  [EVENTS]: z.discriminatedUnion('kind', [batch, part]),
  [DELIVERIES]: z.discriminatedUnion('kind', [wake, task]),
  [DEAD_LETTERS]: z.discriminatedUnion('kind', [deadLetter]),
} as const

export type BatchPayload = z.infer<typeof batch>
export type PartPayload = z.infer<typeof part>
export type WakePayload = z.infer<typeof wake>
export type TaskPayload = z.infer<typeof task>
export type Payload = z.infer<(typeof payloads)[QueueName]>

/** Events that one batch job carries at the most. */
export const BATCH_EVENTS = 25

/** A fan-out over this is split into parts, so that its attempts spread over the workers. */
export const SPLIT_ABOVE = 500
export const PART_DELIVERIES = 250

/**
 * What throws in a processor is our fault, never the delivery's: the job runs again until it goes
 * through. A job in `failed` is therefore an alarm.
 */
export const QUEUE_OPTIONS = {
  defaultJobOptions: {
    attempts: 1_000_000_000,
    backoff: { type: 'fixed', delay: 2_000, jitter: 0.5 },
    removeOnComplete: true,
    removeOnFail: false,
    stackTraceLimit: 0,
  },
  streams: { events: { maxLen: 100 } },
  skipVersionCheck: true,
} satisfies Partial<QueueOptions>

export const LOCK_MS = 5_000

/**
 * A killed worker is noticed within 6 s, and never counts against a job. The version check stays on: a
 * worker that does not know what Redis can do waits in whole seconds, so retries would be late by one.
 */
export const WORKER_OPTIONS = {
  lockDuration: LOCK_MS,
  stalledInterval: 2_000,
  maxStalledCount: 1_000_000_000,
  runRetryDelay: 250,
  drainDelay: 5,
} satisfies Partial<WorkerOptions>
