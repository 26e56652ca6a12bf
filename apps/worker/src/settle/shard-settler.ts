import { setTimeout as sleep } from 'node:timers/promises'
import { settleAll } from '@posthorn/shared/delivery/settle.ts'
import type { Applied, EventHead, Transition } from '@posthorn/shared/delivery/transition.ts'
import { redisFailure } from '@posthorn/shared/error/redis-failure.ts'
import type { Shard } from '@posthorn/shared/queue/keys.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'
import { RecentSuccesses, type SuccessDetails } from './recent-successes.ts'

/** About 2 ms of Redis' time. */
const TRANSITIONS_IN_A_CALL = 250
const RETRY_AFTER_MS = 200

export interface SettlerDeps {
  readonly redis: RedisClient
  /** How long the details of successes are kept after the last one. */
  readonly retentionMs: number
  readonly onError: (error: unknown) => void
}

/** What one event waits to have written. */
interface Pending {
  readonly event: EventHead
  readonly transitions: Transition[]
  readonly waiting: { resolve(applied: Applied): void; reject(error: Error): void }[]
}

/**
 * Writes the outcomes of one shard in groups, several events with one script call, and while they are
 * under way the next group gathers. A write that fails is kept and tried again until it succeeds;
 * until then `writable` is false and nothing new of the shard is sent, since what is sent and cannot be
 * recorded would be sent again.
 */
export class ShardSettler {
  readonly #shard: Shard
  readonly #deps: SettlerDeps
  readonly #recent: RecentSuccesses
  #pending = new Map<string, Pending>()
  #flushing = false
  #writable = true
  #whenWritable: (() => void)[] = []
  #whenIdle: (() => void)[] = []

  constructor(shard: Shard, deps: SettlerDeps) {
    this.#shard = shard
    this.#deps = deps
    this.#recent = new RecentSuccesses(deps.redis, shard, deps.retentionMs)
  }

  /**
   * Resolves once Redis has answered, however long that takes. Rejects only when what stands in Redis
   * for this event is damaged: then waiting would not help, and must not keep others from being sent.
   */
  settle(event: EventHead, transition: Transition, recent?: SuccessDetails): Promise<Applied> {
    return new Promise((resolve, reject) => {
      const key = `${event.tenant}/${event.id}`
      let pending = this.#pending.get(key)
      if (!pending) {
        pending = { event, transitions: [], waiting: [] }
        this.#pending.set(key, pending)
      }
      pending.transitions.push(transition)
      pending.waiting.push({ resolve, reject })
      if (recent) this.#recent.add(transition.webhookId, recent)
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
  async whenIdle(): Promise<void> {
    if (this.#flushing) await new Promise<void>((resolve) => this.#whenIdle.push(resolve))
    await this.#recent.close()
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
    void this.#recent.write()
    const failed = await Promise.all(callsOf(group).map((call) => this.#call(call)))
    return failed.flat()
  }

  /** Never rejects: @returns those that could not be written */
  async #call(call: readonly Pending[]): Promise<Pending[]> {
    const { redis, onError } = this.#deps
    let results: (Applied[] | Error)[]
    try {
      results = await settleAll(redis, this.#shard, call)
    } catch (error) {
      onError(error)
      return [...call]
    }
    return call.filter((pending, i) => {
      const result = results[i] as Applied[] | Error
      if (result instanceof Error && redisFailure(result)) {
        onError(result)
        return true
      }
      pending.waiting.forEach(({ resolve, reject }, j) => {
        if (result instanceof Error) reject(result)
        else resolve(result[j] as Applied)
      })
      return false
    })
  }
}

/** What goes into one script call each: so few transitions that Redis is not held up. */
function callsOf(group: readonly Pending[]): Pending[][] {
  const calls: Pending[][] = []
  let room = 0
  for (const pending of group) {
    room -= pending.transitions.length
    if (room >= 0) calls.at(-1)?.push(pending)
    else {
      calls.push([pending])
      room = TRANSITIONS_IN_A_CALL - pending.transitions.length
    }
  }
  return calls
}
