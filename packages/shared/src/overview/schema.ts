import { z } from 'zod'
import { statsSchema } from '../history/schema.ts'
import { SEVERITIES } from './cause.ts'

// What the API answers about the present. No Redis and no Node here: a dashboard reads this too.

const time = z.string().meta({ description: 'RFC 3339, UTC, milliseconds' })
const ofInstallation = 'Only where all tenants are seen'

export const causeSchema = z
  .strictObject({
    severity: z.enum(SEVERITIES),
    sentence: z.string().meta({ description: 'What is wrong and why, for a person' }),
    webhook: z.string().optional().meta({ description: 'The webhook at fault, if it is one' }),
    since: time.optional(),
  })
  .meta({ id: 'Cause' })

const nowSchema = z
  .strictObject({
    pending: z
      .int()
      .meta({ description: 'Deliveries that wait for their first attempt, or are in it' }),
    retrying: z.int(),
    parked: z.int(),
    deadLetters: z.int(),
    oldestOpenAt: time
      .nullable()
      .meta({ description: 'When the oldest event with an open delivery was accepted' }),
    attemptsPerSecond: z.number().meta({ description: 'Over the last minute' }),
    deliveredPerSecond: z.number().meta({ description: 'Over the last minute' }),
    secondsToDrain: z.number().nullable().meta({
      description: 'Until pending and parked ones are delivered at this pace; null without any',
    }),
    workers: z
      .int()
      .optional()
      .meta({ description: `Workers alive. ${ofInstallation}` }),
    oldestWaitingMs: z
      .number()
      .optional()
      .meta({ description: `How long the oldest due job has waited. ${ofInstallation}` }),
  })
  .meta({ id: 'Now' })

export const overviewSchema = statsSchema
  .extend({ now: nowSchema, cause: causeSchema })
  .meta({ id: 'Stats' })

const queueSchema = z.strictObject({
  queue: z.string(),
  waiting: z.int(),
  active: z.int(),
  delayed: z.int(),
  failed: z.int(),
  oldestWaitingMs: z.number(),
})

const workerSchema = z.strictObject({
  id: z.string(),
  host: z.string(),
  pid: z.int(),
  version: z.string().optional(),
  startedAt: time,
  lastSeenAt: time,
  inFlight: z.int().meta({ description: 'Attempts in the air' }),
  loopLagMs: z.number().optional().meta({ description: 'Longest since its last sign of life' }),
  lastProgressAt: time.optional().meta({ description: 'When an attempt of it last ended' }),
})

const redisSchema = z.strictObject({
  version: z.string(),
  usedBytes: z.int(),
  maxBytes: z.int().meta({ description: '0: no limit' }),
  memoryRatio: z.number().meta({ description: 'From 0.85 on no event is accepted' }),
  aofEnabled: z.boolean().nullable().meta({ description: 'null: Redis does not say' }),
  evictionPolicy: z.string(),
  replicasOnline: z.int(),
  dangers: z.array(z.string()).meta({ description: 'Why it may lose events' }),
})

const openCircuitSchema = z.strictObject({
  webhook: z.string(),
  tenant: z.string(),
  url: z.string(),
  state: z.enum(['open', 'half_open']),
  reason: z.string(),
  failures: z.int(),
  since: time,
  nextProbeAt: time,
  parked: z.int(),
})

export const operationsSchema = z
  .strictObject({
    queues: z.array(queueSchema),
    workers: z.array(workerSchema),
    redis: redisSchema.nullable().meta({ description: 'null: it does not answer' }),
    circuits: z.strictObject({
      open: z.int().meta({ description: 'All that are not closed' }),
      data: z.array(openCircuitSchema).meta({ description: 'At most 50 of them' }),
    }),
  })
  .meta({ id: 'OperationsReport' })

export type Overview = z.output<typeof overviewSchema>
export type OperationsReport = z.output<typeof operationsSchema>
