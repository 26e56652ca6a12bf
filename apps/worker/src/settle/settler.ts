import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Applied,
  type EventHead,
  settle,
  type Transition,
} from '@posthorn/shared/delivery/transition.ts'
import { recentKey, type Shard } from '@posthorn/shared/queue/keys.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'

/** Details of successes that are kept for each webhook. */
const RECENT_SUCCESSES = 100
const RETRY_AFTER_MS = 200

/** What one event waits to have written. */
interface Pending {
  readonly shard: Shard
  readonly event: EventHead
  readonly transitions: Transition[]
  readonly resolvers: ((applied: Applied) => void)[]
  /** Details of successes: webhook, JSON. */
  readonly recent: [webhookId: string, entry: string][]
}

/**
 * Writes outcomes in groups: one script call for each event touched, all in one round trip, and while
 * it is under way the next group gathers. A write that fails is kept and tried again until it succeeds;
 * until then `writable` is false and nothing new is sent, since what is sent and cannot be recorded
 * would be sent again.
 */
export class Settler {
  readonly #redis: RedisClient
  readonly #namespace: string
  readonly #onError: (error: unknown) => void
  #pending = new Map<string, Pending>()
  #flushing = false
  #writable = true
  #whenWritable: (() => void)[] = []
  #whenIdle: (() => void)[] = []

  constructor(deps: { redis: RedisClient; namespace: string; onError: (error: unknown) => void }) {
    this.#redis = deps.redis
    this.#namespace = deps.namespace
    this.#onError = deps.onError
  }

  /** Resolves once Redis has answered, however long that takes. */
  settle(
    shard: Shard,
    event: EventHead,
    transition: Transition,
    recent?: string,
  ): Promise<Applied> {
    return new Promise((resolve) => {
      const key = `${event.tenant}/${event.id}`
      let pending = this.#pending.get(key)
      if (!pending) {
        pending = { shard, event, transitions: [], resolvers: [], recent: [] }
        this.#pending.set(key, pending)
      }
      pending.transitions.push(transition)
      pending.resolvers.push(resolve)
      if (recent !== undefined) pending.recent.push([transition.webhookId, recent])
      if (!this.#flushing) {
        this.#flushing = true
        // Whatever ends in this turn of the event loop goes together.
        setImmediate(() => void this.#flush())
      }
    })
  }

  get writable(): boolean {
    return this.#writable
  }

  /** Resolves when outcomes can be recorded. */
  whenWritable(): Promise<void> {
    if (this.#writable) return Promise.resolve()
    return new Promise((resolve) => this.#whenWritable.push(resolve))
  }

  /** Resolves when nothing waits to be written. */
  whenIdle(): Promise<void> {
    if (!this.#flushing) return Promise.resolve()
    return new Promise((resolve) => this.#whenIdle.push(resolve))
  }

  async #flush(): Promise<void> {
    while (this.#pending.size > 0) {
      const group = [...this.#pending.values()]
      this.#pending = new Map()
      await this.#write(group)
    }
    this.#flushing = false
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  async #write(group: readonly Pending[]): Promise<void> {
    let left = group
    for (;;) {
      left = await this.#tryWrite(left)
      if (left.length === 0) break
      this.#writable = false
      await sleep(RETRY_AFTER_MS)
    }
    this.#writable = true
    for (const resolve of this.#whenWritable.splice(0)) resolve()
  }

  /** @returns those that could not be written */
  async #tryWrite(group: readonly Pending[]): Promise<Pending[]> {
    this.#keepRecent(group)
    const failed: Pending[] = []
    await Promise.all(
      group.map(async (pending) => {
        try {
          const applied = await settle(
            this.#redis,
            pending.shard,
            pending.event,
            pending.transitions,
          )
          applied.forEach((one, i) => {
            pending.resolvers[i]?.(one)
          })
        } catch (error) {
          failed.push(pending)
          this.#onError(error)
        }
      }),
    )
    return failed
  }

  /** Sent ahead of the outcomes, so that who reads `delivered` finds the details. */
  #keepRecent(group: readonly Pending[]): void {
    const byWebhook = new Map<string, string[]>()
    for (const { recent } of group) {
      for (const [webhookId, entry] of recent.splice(0)) {
        const entries = byWebhook.get(webhookId)
        if (entries) entries.push(entry)
        else byWebhook.set(webhookId, [entry])
      }
    }
    for (const [webhookId, entries] of byWebhook) {
      const key = recentKey(this.#namespace, webhookId)
      this.#redis.lpush(key, ...entries.slice(-RECENT_SUCCESSES)).catch(this.#onError)
      this.#redis.ltrim(key, 0, RECENT_SUCCESSES - 1).catch(this.#onError)
    }
  }
}
