import { type RecordedFanOut, recordFanOuts } from '@posthorn/shared/delivery/fan-out.ts'
import { isOpen, parseState } from '@posthorn/shared/delivery/state.ts'
import type { EventRecord } from '@posthorn/shared/event/record.ts'
import type { LaneName } from '@posthorn/shared/lane/entry.ts'
import { fanOutKey } from '@posthorn/shared/queue/keys.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import { type BatchPayload, type PartPayload, SPLIT_ABOVE } from '@posthorn/shared/queue/queues.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'
import type { Tracing } from '@posthorn/shared/trace/tracing.ts'
import type { TenantWebhooks, WebhookRegistry } from '@posthorn/shared/webhook/registry.ts'
import { type IndexVersion, parseVersion } from '@posthorn/shared/webhook/version.ts'
import type { Deliverer } from '../attempt/deliverer.ts'
import { type Holder, type LoadedEvent, loadedEvent } from '../attempt/work.ts'
import type { LineUpAgain, ParkAgain } from '../lane/park.ts'
import type { HandOffs } from '../settle/hand-offs.ts'
import { loadRecords, type OnMissing } from './load.ts'
import { planFanOut } from './plan.ts'
import { beginFanOut } from './span.ts'
import { addParts } from './split.ts'

export interface FanOutDeps {
  readonly redis: RedisClient
  readonly registry: WebhookRegistry
  readonly deliverer: Deliverer
  readonly handOffs: HandOffs
  readonly parkAgain: ParkAgain
  readonly lineUpAgain: LineUpAgain
  /** Redis' time. */
  readonly now: () => number
  /** Absent: no traces are wanted. */
  readonly tracing?: Tracing | undefined
  readonly onMissing: OnMissing
  /** Something in the webhook's lane may be sent now. */
  readonly wakeLane: (lane: LaneName) => void
}

/**
 * On a Cluster a lane may be lost without the job. No fail-over is so quick that an event this young was lined
 * up before it.
 */
const IN_LINE_FOR_SURE_MS = 2_000

/** An event on its way through its batch. */
interface Planned {
  readonly record: EventRecord
  readonly webhooks: TenantWebhooks
  readonly at: IndexVersion
  /** Webhooks in whose lanes the API has lined it up. */
  readonly linedUp: readonly string[]
}

/**
 * A batch of events: records and settings are loaded, the fan-outs recorded in one round trip, then all
 * first attempts are made at once. The batch holds them until each has ended, or has a guard of its own.
 */
export async function processBatch(
  deps: FanOutDeps,
  queues: ShardQueues,
  payload: BatchPayload,
  jobId: string,
  holder: Holder,
): Promise<void> {
  const takenMs = deps.now()
  const planned = await loadBatch(deps, queues, payload)
  if (planned.length === 0) return
  const spans =
    deps.tracing && planned.map(({ record }) => beginFanOut(deps.tracing, record, takenMs))
  const nowMs = Math.round(deps.now())
  const plans = planned.map(({ record, webhooks, at }) => planFanOut(record, webhooks, at))
  // The events may have waited long: what is sent goes by the settings of now. One look for each tenant
  // of the batch, beside the record, costs no time.
  const [recorded, ...current] = await Promise.all([
    recordFanOuts(deps.redis, queues.shard, plans, nowMs),
    ...planned.map(({ record }) => deps.registry.current(record.tenant)),
  ])
  await allOrThrow(
    recorded.map(({ fresh, fanOut }, i) => {
      const { record, linedUp } = planned[i] as Planned
      const span = spans?.[i]
      span?.end({ attributes: { 'posthorn.deliveries': fanOut.states.size } })
      const webhooks = current[i] as TenantWebhooks
      if (fanOut.states.size > SPLIT_ABOVE) {
        return addParts(queues, record, { fanOut, linedUp }, jobId, nowMs)
      }
      const event = loadedEvent(record, queues, span?.traceparent)
      const by = fresh ? holder : { ...holder, runsAgain: true }
      return deliverAll(deps, { event, webhooks, linedUp, ...fanOut, fresh }, by)
    }),
  )
}

/** A slice of a large fan-out, whose states are read anew: it may be running again. */
export async function processPart(
  deps: FanOutDeps,
  queues: ShardQueues,
  { tenant, event: eventId, webhooks: ids, linedUp = [] }: PartPayload,
  holder: Holder,
): Promise<void> {
  const [[record], packed, webhooks] = await Promise.all([
    loadRecords(deps.redis, queues.shard, [[tenant, eventId]], deps.onMissing),
    deps.redis.hmget(fanOutKey(queues.shard, tenant, eventId), ...ids),
    deps.registry.current(tenant),
  ])
  if (!record) return
  const states: RecordedFanOut['states'] = new Map(
    ids.flatMap((id, i) => (packed[i] ? [[id, packed[i]] as const] : [])),
  )
  const event = loadedEvent(record, queues)
  await deliverAll(deps, { event, webhooks, linedUp, states, fresh: false }, holder)
}

async function loadBatch(
  deps: FanOutDeps,
  queues: ShardQueues,
  { events }: BatchPayload,
): Promise<Planned[]> {
  const records = await loadRecords(deps.redis, queues.shard, events, deps.onMissing)
  const planned = await Promise.all(
    records.map(async (record, i) => {
      if (!record) return undefined
      const [, , version, linedUp = []] = events[i] as BatchPayload['events'][number]
      const at = parseVersion(version)
      return { record, at, linedUp, webhooks: await deps.registry.atLeast(record.tenant, at) }
    }),
  )
  return planned.filter((event) => event !== undefined)
}

/** The deliveries of one event, or a part of them. */
interface FannedOut {
  readonly event: LoadedEvent
  readonly webhooks: TenantWebhooks
  readonly states: RecordedFanOut['states']
  readonly linedUp: readonly string[]
  /** Recorded by this very run of the job. */
  readonly fresh: boolean
}

const NO_STATE = parseState('')

/**
 * Makes the attempts that the record says are due, and repeats the hand-offs of what an earlier run of
 * this job has recorded. Leased, reopened and lined-up deliveries have guards of their own.
 */
function deliverAll(
  deps: FanOutDeps,
  { event, webhooks, states, linedUp, fresh }: FannedOut,
  holder: Holder,
): Promise<void> {
  const { id: eventId, tenant, createdMs } = event.record
  const work: Promise<void>[] = []
  const inLane = new Set(linedUp)
  // Those of a fan-out that has just been made are alike.
  let [text, state] = ['', NO_STATE]
  for (const [webhookId, packed] of states) {
    if (packed !== text) [text, state] = [packed, parseState(packed)]
    const ref = { tenant, eventId, webhookId }
    if (isOpen(state.state) && inLane.has(webhookId)) {
      deps.wakeLane(ref)
      const isOld = deps.redis.isCluster && deps.now() - createdMs > IN_LINE_FOR_SURE_MS
      if (fresh && !isOld) continue
      work.push(deps.lineUpAgain(ref, createdMs, webhooks.get(webhookId)))
    } else if (state.state === 'p' && state.round === 1 && state.made === 0) {
      work.push(
        deps.deliverer.deliver({ ref, event, webhook: webhooks.get(webhookId), state, holder }),
      )
    } else if (!fresh && (state.state === 'r' || state.state === 'x')) {
      work.push(deps.handOffs.again(event.queues, ref, state))
    } else if (!fresh && state.state === 'k') {
      work.push(deps.parkAgain(ref, state, webhooks.get(webhookId)))
    }
  }
  return allOrThrow(work)
}

/** Waits for all, also when one fails: what is still in the air must not outlive its job. */
async function allOrThrow(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}
