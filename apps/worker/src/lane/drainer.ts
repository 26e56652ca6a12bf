import { LEASE_MS } from '@posthorn/shared/delivery/transition.ts'
import type { LaneName, Lanes, TakenEntry } from '@posthorn/shared/lane/lane.ts'
import type { Shard } from '@posthorn/shared/queue/keys.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import { shardOf } from '@posthorn/shared/queue/shards.ts'
import type { WebhookRegistry } from '@posthorn/shared/webhook/registry.ts'
import type { Slots } from '../attempt/slots.ts'
import { readiness } from '../attempt/work.ts'
import { comeFor, type WakeDeps } from '../wake/wake.ts'

const RENEW_EVERY_MS = 1_000
/** What one look takes of a lane at the most: the rest stays for the other workers. */
const SLICE = 100

export interface DrainerDeps extends WakeDeps {
  readonly lanes: Lanes
  readonly slots: Slots
  readonly registry: WebhookRegistry
  readonly queues: readonly ShardQueues[]
  readonly onError: (error: unknown) => void
}

/**
 * Empties the lanes of webhooks that are ready again. A drain is a slice: it takes what may begin now,
 * sends it, and is gone; the end of each attempt takes the next. No job and no slot of a queue is held.
 * The sweep finds every lane that holds something, so a lost wake-up strands nothing.
 */
export class LaneDrainer {
  readonly #deps: DrainerDeps
  /** What this process has in flight: webhook → member → when it was last renewed, in local time. */
  readonly #inFlight = new Map<string, Map<string, number>>()
  readonly #draining = new Map<string, { again: boolean }>()
  readonly #handling = new Set<Promise<void>>()
  readonly #shards: readonly Shard[]
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(deps: DrainerDeps) {
    this.#deps = deps
    this.#shards = deps.queues.map(({ shard }) => shard)
  }

  start(): void {
    this.#timer = setInterval(() => this.#renew(), RENEW_EVERY_MS)
  }

  /** Takes no more; resolves when what was taken has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    while (this.#handling.size > 0) await Promise.all(this.#handling)
    clearInterval(this.#timer)
  }

  /** Starts a drain of every lane that is ready, and takes empty ones off the list. */
  async sweep(): Promise<void> {
    for (const { pushes, ...lane } of await this.#deps.lanes.list()) {
      if (this.#stopped) return
      const taken = await this.#drain(lane)
      if (taken === 0) await this.#forgetEmpty(lane, pushes)
    }
  }

  async #forgetEmpty(lane: LaneName, pushes: string): Promise<void> {
    const { waiting, inFlight } = await this.#deps.lanes.size(lane.webhookId)
    if (waiting + inFlight === 0) await this.#deps.lanes.forget(lane, pushes)
  }

  /** @returns how many entries were taken */
  async #drain(lane: LaneName): Promise<number> {
    const running = this.#draining.get(lane.webhookId)
    if (running) {
      running.again = true
      return 0
    }
    const mine = { again: true }
    this.#draining.set(lane.webhookId, mine)
    let total = 0
    try {
      while (mine.again && !this.#stopped) {
        mine.again = false
        const taken = await this.#takeSlice(lane)
        for (const entry of taken) this.#begin(lane, entry)
        total += taken.length
      }
    } finally {
      this.#draining.delete(lane.webhookId)
    }
    return total
  }

  async #takeSlice({ tenant, webhookId }: LaneName): Promise<TakenEntry[]> {
    const webhook = (await this.#deps.registry.current(tenant)).get(webhookId)
    const is = readiness(webhook)
    if (is === 'paused') return []
    // What ends without being sent needs no slot.
    const held = this.#inFlight.get(webhookId)?.size ?? 0
    const may = is === 'ready' ? this.#deps.slots.free(webhookId) : SLICE - held
    return may > 0 ? this.#deps.lanes.take(webhookId, Math.min(may, SLICE)) : []
  }

  #begin(lane: LaneName, entry: TakenEntry): void {
    const handling = this.#handle(lane, entry).finally(() => this.#handling.delete(handling))
    this.#handling.add(handling)
  }

  /** Never rejects. */
  async #handle(lane: LaneName, entry: TakenEntry): Promise<void> {
    const { webhookId } = lane
    const held = this.#inFlight.get(webhookId) ?? new Map<string, number>()
    this.#inFlight.set(webhookId, held)
    held.set(entry.member, performance.now())
    try {
      const shard = shardOf(this.#shards, entry.tenant, entry.eventId)
      const queues = this.#deps.queues[shard.index] as ShardQueues
      const isHeld = () => performance.now() - (held.get(entry.member) ?? 0) < LEASE_MS
      await comeFor(this.#deps, queues, { ...entry, webhookId }, { kind: 'lane', isHeld })
      await this.#deps.lanes.done(webhookId, entry.member)
    } catch (error) {
      this.#deps.onError(error) // Its in-flight entry runs out and returns it to the lane.
    } finally {
      held.delete(entry.member)
      if (held.size === 0) this.#inFlight.delete(webhookId)
    }
    if (!this.#stopped) this.#drain(lane).catch(this.#deps.onError)
  }

  #renew(): void {
    for (const [webhookId, held] of this.#inFlight) {
      const members = [...held.keys()]
      const sent = performance.now()
      this.#deps.lanes.renew(webhookId, members, this.#deps.now()).then(
        () => {
          for (const member of members) if (held.has(member)) held.set(member, sent)
        },
        () => undefined, // Redis away: not renewed, so not sent either once it has run out.
      )
    }
  }
}
