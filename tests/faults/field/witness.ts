import type { TestRedis } from '@posthorn/shared/testing/redis.ts'
import { Redis } from 'ioredis'
import { withRedis } from '../../harness/contents.ts'
import { machineMs } from '../clock.ts'

const WRITE_EVERY_MS = 5
const KEY = 'witness'

/**
 * Writes to Redis all the time, apart from Posthorn, and knows what Redis has answered: what is gone
 * after a restart, Redis itself has lost.
 */
export class Witness {
  readonly url: string
  readonly #redis: Redis
  #timer: NodeJS.Timeout | undefined
  /** When Redis answered each write, by its number. */
  readonly #answeredMs: number[] = []
  #answered = 0
  #next = 0

  private constructor(url: string, redis: Redis) {
    this.url = url
    this.#redis = redis
    this.wake()
  }

  static async of({ url }: TestRedis): Promise<Witness> {
    const redis = new Redis(url, {
      retryStrategy: () => 50,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: null,
    })
    redis.on('error', () => undefined)
    return new Witness(url, redis)
  }

  #write(): void {
    const number = ++this.#next
    this.#redis.set(KEY, number).then(
      () => {
        this.#answered = Math.max(this.#answered, number)
        this.#answeredMs[number] = machineMs()
      },
      () => undefined,
    )
  }

  /** Since when Redis has forgotten what it answered, at the kill that was just now; undefined: it has not. */
  async forgotSince(): Promise<number | undefined> {
    // Before it writes again.
    const answered = this.#answered
    // Its own connection may not have found back yet.
    const held = await withRedis(this.url, async (redis) => Number((await redis.get(KEY)) ?? 0))
    return held < answered ? (this.#answeredMs[held] ?? 0) : undefined
  }

  /** While Redis is away, so that nothing new is written before it was asked. */
  rest(): void {
    clearInterval(this.#timer)
  }

  wake(): void {
    this.rest()
    this.#timer = setInterval(() => this.#write(), WRITE_EVERY_MS)
  }

  async close(): Promise<void> {
    this.rest()
    this.#redis.disconnect()
  }
}
