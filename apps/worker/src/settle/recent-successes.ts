import { keepRecent, RECENT_SUCCESSES } from '@posthorn/shared/history/recent.ts'
import type { Shard } from '@posthorn/shared/queue/keys.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'

/** Details of one success; made only if they are written. */
export interface SuccessDetails {
  /** What they hold in memory until then. */
  readonly bytes: number
  encode(): string
}

/** The successes of one webhook in this second. */
interface Second {
  readonly beganMs: number
  /** Written at once. */
  written: number
  /** To be written when the second is over: the newest. */
  held: SuccessDetails[]
}

const SECOND_MS = 1_000
const LOOK_EVERY_MS = 250
/** Of one webhook in a second. Whoever is sent fewer never waits. */
const AT_ONCE = 150
/** Bodies of answers that are held, of all webhooks together. */
const HELD_BYTES = 4 * 1024 * 1024

/**
 * Keeps the details of each webhook's last hundred successes. Writing every one, of a webhook that is sent
 * thousands a second, costs worker and Redis a good part of what recording does (`bench/tried.json`), for what the
 * next ones drive out at once. So of each second the first 150 are written with their outcomes, and of the others the last
 * hundred when it is over. A kill loses those details and nothing else: outcomes are in the record.
 */
export class RecentSuccesses {
  readonly #redis: RedisClient
  readonly #shard: Shard
  readonly #retentionMs: number
  readonly #seconds = new Map<string, Second>()
  #ready = new Map<string, string[]>()
  #heldBytes = 0
  #timer: NodeJS.Timeout | undefined

  constructor(redis: RedisClient, shard: Shard, retentionMs: number) {
    this.#redis = redis
    this.#shard = shard
    this.#retentionMs = retentionMs
  }

  add(webhookId: string, details: SuccessDetails): void {
    const second = this.#secondOf(webhookId)
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref()
    if (second.written < AT_ONCE) {
      second.written++
      this.#push(webhookId, details)
      return
    }
    second.held.push(details)
    this.#heldBytes += details.bytes
    // Cut now and then, not each time: moving a hundred entries for every one costs more than keeping two.
    if (second.held.length >= 2 * RECENT_SUCCESSES) this.#cut(second)
    if (this.#heldBytes > HELD_BYTES) this.#endSeconds(() => true)
  }

  /**
   * Writes what is due. Called before the outcomes are written on the same connection: whoever reads an
   * outcome finds its details, unless they are still held. Never rejects: a Redis that does not take them
   * does not take outcomes either, and those are what is tried again.
   */
  async write(): Promise<void> {
    if (this.#ready.size === 0) return
    const ready = this.#ready
    this.#ready = new Map()
    await keepRecent(this.#redis, this.#shard, ready, this.#retentionMs).catch(() => undefined)
  }

  /** Writes all. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#endSeconds(() => true)
    await this.write()
  }

  #secondOf(webhookId: string): Second {
    const known = this.#seconds.get(webhookId)
    const nowMs = performance.now()
    if (known && nowMs - known.beganMs < SECOND_MS) return known
    if (known) this.#release(webhookId, known)
    const second = { beganMs: nowMs, written: 0, held: [] }
    this.#seconds.set(webhookId, second)
    return second
  }

  #look(): void {
    const overMs = performance.now() - SECOND_MS
    this.#endSeconds(({ beganMs }) => beganMs <= overMs)
    if (this.#seconds.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
    void this.write()
  }

  #endSeconds(isOver: (second: Second) => boolean): void {
    for (const [webhookId, second] of this.#seconds) {
      if (!isOver(second)) continue
      this.#release(webhookId, second)
      this.#seconds.delete(webhookId)
    }
  }

  #release(webhookId: string, second: Second): void {
    this.#cut(second)
    for (const details of second.held) {
      this.#heldBytes -= details.bytes
      this.#push(webhookId, details)
    }
    second.held = []
  }

  #cut(second: Second): void {
    const dropped = second.held.splice(0, second.held.length - RECENT_SUCCESSES)
    for (const { bytes } of dropped) this.#heldBytes -= bytes
  }

  #push(webhookId: string, details: SuccessDetails): void {
    const entries = this.#ready.get(webhookId)
    if (entries) entries.push(details.encode())
    else this.#ready.set(webhookId, [details.encode()])
  }
}
