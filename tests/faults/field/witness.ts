import { Redis } from 'ioredis'

const WRITE_EVERY_MS = 5
const KEY = 'witness'

/**
 * Writes to Redis all the time, apart from Posthorn, and knows what Redis has answered: what is gone
 * after a restart, Redis itself has lost.
 */
export class Witness {
  readonly #redis: Redis
  readonly #timer: NodeJS.Timeout
  #answered = 0
  #next = 0

  private constructor(redis: Redis) {
    this.#redis = redis
    this.#timer = setInterval(() => this.#write(), WRITE_EVERY_MS)
  }

  static async of(url: string): Promise<Witness> {
    const redis = new Redis(url, {
      retryStrategy: () => 50,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: null,
    })
    redis.on('error', () => undefined)
    return new Witness(redis)
  }

  #write(): void {
    const number = ++this.#next
    this.#redis.set(KEY, number).then(
      () => {
        this.#answered = Math.max(this.#answered, number)
      },
      () => undefined,
    )
  }

  /** Writes that were answered and are not there; to be asked soon after each restart. */
  async forgot(): Promise<number> {
    const answered = this.#answered
    const held = Number((await this.#redis.get(KEY)) ?? 0)
    return Math.max(0, answered - held)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#redis.disconnect()
  }
}
