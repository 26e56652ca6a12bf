import { EgressError } from '@posthorn/shared/attempt/egress/egress-error.ts'
import { activeSinceMs } from '@posthorn/shared/circuit/rules.ts'
import type { Lease } from '@posthorn/shared/delivery/lease.ts'
import type { LaneName, TakenEntry } from '@posthorn/shared/lane/entry.ts'
import type { Lanes } from '@posthorn/shared/lane/lane.ts'
import type { LaneLimits } from '@posthorn/shared/lane/limits.ts'
import type { Taken, TakeTerms } from '@posthorn/shared/lane/take.ts'
import type { Shard } from '@posthorn/shared/queue/keys.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import { shardOf } from '@posthorn/shared/queue/shards.ts'
import { sideBySide } from '@posthorn/shared/runtime/side-by-side.ts'
import type { WebhookRegistry } from '@posthorn/shared/webhook/registry.ts'
import type { CompiledWebhook } from '@posthorn/shared/webhook/webhook.ts'
import type { Slots } from '../attempt/slots.ts'
import { readiness } from '../attempt/work.ts'
import type { CircuitKeeper } from '../circuit/keeper.ts'
import type { RecentWork } from '../consume/recent-work.ts'
import type { Defects } from './defects.ts'
import { LaneFlights } from './flights.ts'
import { type LaneHolder, laneHolder } from './holder.ts'
import { comeForTaken, type TakenDeps } from './taken.ts'
import { Wakes } from './wakes.ts'

/** What one look takes of a lane at the most: the rest stays for the other workers. */
const SLICE = 100
/** How long a lane rests after the egress proxy failed one of its attempts. */
const PUT_OFF_MS = 1_000
/** Lanes that a sweep looks at side by side: one after the other takes seconds for thousands. */
const LANES_AT_ONCE = 64

export interface DrainerDeps extends TakenDeps {
  readonly lanes: Lanes
  readonly slots: Slots
  readonly circuits: Pick<CircuitKeeper, 'heeds'>
  readonly registry: WebhookRegistry
  readonly defects: Pick<Defects, 'note'>
  readonly queues: readonly ShardQueues[]
  readonly recent: RecentWork
  readonly onError: (error: unknown) => void
}

/** What one look at a lane gave, and under which limits. */
interface Slice {
  readonly taken: Taken
  readonly limits: LaneLimits
  /** Local time before it was asked for. */
  readonly askedAt: number
}

/**
 * Empties the lanes of webhooks that are ready again. A drain is a slice: it takes what may begin now,
 * sends it, and is gone; the end of each attempt takes the next, and so does the time at which a rate
 * allows more. No job and no slot of a queue is held. The sweep finds every lane that holds something,
 * so a lost wake-up strands nothing.
 */
export class LaneDrainer {
  readonly #deps: DrainerDeps
  readonly #flights: LaneFlights
  readonly #wakes = new Wakes()
  readonly #draining = new Map<string, { again: boolean }>()
  readonly #handling = new Set<Promise<void>>()
  readonly #shards: readonly Shard[]
  #stopped = false

  constructor(deps: DrainerDeps) {
    this.#deps = deps
    this.#flights = new LaneFlights(deps.lanes, deps.now)
    this.#shards = deps.queues.map(({ shard }) => shard)
  }

  start(): void {
    this.#flights.start()
  }

  /** Takes no more; resolves when what was taken has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#wakes.stop()
    while (this.#handling.size > 0) await Promise.all(this.#handling)
    this.#flights.stop()
  }

  /** Starts a drain of every lane that is ready, and takes empty ones off the list. */
  async sweep(): Promise<void> {
    const listed = await this.#deps.lanes.list()
    await sideBySide(listed, LANES_AT_ONCE, async ({ mark, ...lane }) => {
      if (this.#stopped) return
      try {
        const last = await this.#drain(lane)
        if (last?.waiting === 0 && last.inFlight === 0) await this.#deps.lanes.forget(lane, mark)
      } catch (error) {
        this.#deps.onError(error) // The other lanes have their turn all the same.
      }
    })
  }

  /** Something came into the lane of a webhook that may be ready. */
  wake(lane: LaneName): void {
    if (this.#stopped || this.#wakes.waits(lane.webhookId)) return
    if (this.#wakes.isShort(lane.webhookId) && this.#endsSomeAttempt(lane.webhookId)) return
    this.#drain(lane).catch(this.#deps.onError)
  }

  /** Whether an attempt of this process will end, and look at the lane then. */
  #endsSomeAttempt(webhookId: string): boolean {
    return this.#deps.slots.free(webhookId) <= 0 || this.#flights.count(webhookId) > 0
  }

  /** An attempt of the webhook has ended in this process: a place for its lane, if that lacked one. */
  slotFreed(webhookId: string): void {
    const lane = this.#wakes.takeShort(webhookId)
    if (lane) this.wake(lane)
  }

  /** @returns the last look; undefined when a drain is under way already */
  async #drain(lane: LaneName): Promise<Taken | undefined> {
    const running = this.#draining.get(lane.webhookId)
    if (running) {
      running.again = true
      return undefined
    }
    const mine = { again: true }
    this.#draining.set(lane.webhookId, mine)
    let last: Taken | undefined
    try {
      while (mine.again && !this.#stopped) {
        mine.again = false
        const slice = await this.#takeSlice(lane)
        last = slice.taken
        if (last.entries.length === SLICE) mine.again = true
        for (const entry of last.entries) this.#begin(lane, entry, slice)
      }
    } finally {
      this.#draining.delete(lane.webhookId)
    }
    return last
  }

  async #takeSlice(lane: LaneName): Promise<Slice> {
    const { tenant, webhookId } = lane
    const webhook = (await this.#deps.registry.current(tenant)).get(webhookId)
    const is = readiness(webhook, this.#deps.now())
    const sends = is === 'ready' || is === 'limited'
    this.#deps.defects.note(lane, webhook?.defect(this.#deps.now()))
    // What ends without being sent needs no slot, and no limit holds it.
    const { slots } = this.#deps
    // Those of a shard whose outcomes cannot be written have been taken and hold no place: as many at the most.
    const free = sends
      ? Math.min(slots.free(webhookId), 2 * slots.perWebhook - this.#flights.count(webhookId))
      : is === 'paused' || is === 'unusable'
        ? 0
        : SLICE - this.#flights.count(webhookId)
    const count = Math.max(0, Math.min(free, SLICE))
    const limits = sends && webhook ? webhook.config : {}
    const terms = webhook && sends ? this.#termsOf(webhook) : {}
    const askedAt = performance.now()
    const taken = await this.#deps.lanes.take(webhookId, count, terms)
    this.#wakes.after(taken.waitMs, lane, () => this.wake(lane))
    if (sends && taken.waiting > 0 && taken.waitMs === undefined) this.#wakes.setShort(lane)
    else this.#wakes.takeShort(webhookId)
    return { taken, limits, askedAt }
  }

  #termsOf(webhook: CompiledWebhook): TakeTerms {
    return {
      ...webhook.config,
      heedsCircuit: this.#deps.circuits.heeds(webhook),
      activeSinceMs: activeSinceMs(webhook.config),
    }
  }

  #begin(lane: LaneName, entry: TakenEntry, slice: Slice): void {
    const handling = this.#handle(lane, entry, slice).finally(() => this.#handling.delete(handling))
    this.#handling.add(handling)
  }

  /** Never rejects. */
  async #handle(lane: LaneName, entry: TakenEntry, slice: Slice): Promise<void> {
    const { webhookId } = lane
    const { limits, askedAt, taken } = slice
    const { member, token } = entry
    const flight = { member, token, countedAt: taken.countedAt, limits }
    const hold = this.#flights.hold(webhookId, flight, askedAt)
    const { holder, letGo } = laneHolder(this.#deps.lanes, webhookId, flight, askedAt, {
      isHeld: hold.isHeld,
      trial: taken.trial,
    })
    const shard = shardOf(this.#shards, entry.tenant, entry.eventId)
    const queues = this.#deps.queues[shard.index] as ShardQueues
    const lease = { ...entry, webhookId }
    const end = this.#deps.recent.begin((dueMs) =>
      this.#deps.handOffs.wakeUp(queues, lease, lease, dueMs),
    )
    let again = true
    try {
      // Taken while it was told to stop: for the other workers.
      if (this.#stopped) return await holder.putBack()
      again = await this.#come(queues, lease, holder)
      await letGo()
    } catch (error) {
      this.#deps.onError(error) // Its in-flight entry runs out and returns it to the lane.
    } finally {
      hold.end()
      end()
    }
    if (again && !this.#stopped) this.#drain(lane).catch(this.#deps.onError)
  }

  /** What the egress proxy failed has sent nothing: it is made again after a moment, as by a job. */
  async #come(
    queues: ShardQueues,
    lease: Lease & Pick<TakenEntry, 'member'>,
    holder: LaneHolder,
  ): Promise<boolean> {
    try {
      return await comeForTaken(this.#deps, queues, lease, holder)
    } catch (error) {
      if (!(error instanceof EgressError)) throw error
      holder.putOff(this.#deps.now() + PUT_OFF_MS)
      return true
    }
  }
}
