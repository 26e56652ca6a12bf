import type { RedisClient } from './redis.ts'

const SAMPLE_EVERY_MS = 2_000

/** A process whose own clock is further off than this takes no deliveries. */
export const MAX_SKEW_MS = 1_000

/**
 * Redis' time, kept in the process: due times, leases and latencies of all processes are in this
 * one clock. The offset to the local clock is measured every two seconds, half a round trip allowed
 * for.
 */
export class RedisClock {
  readonly #redis: RedisClient
  #offsetMs = 0
  #timer: NodeJS.Timeout | undefined

  constructor(redis: RedisClient) {
    this.#redis = redis
  }

  /** Milliseconds since the Unix epoch by Redis' clock. */
  now(): number {
    return Date.now() + this.#offsetMs
  }

  /** Redis' time minus this machine's, in milliseconds. */
  get skewMs(): number {
    return this.#offsetMs
  }

  /** First sample awaited, the later ones in the background. Rejects when Redis does not answer. */
  async start(): Promise<void> {
    await this.#sample()
    this.#timer = setInterval(() => {
      this.#sample().catch(() => undefined) // Redis away: the last offset stays good enough.
    }, SAMPLE_EVERY_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #sample(): Promise<void> {
    const sent = Date.now()
    const [seconds, microseconds] = (await this.#redis.time()) as unknown as [string, string]
    const received = Date.now()
    const redisMs = Number(seconds) * 1_000 + Number(microseconds) / 1_000
    const offset = redisMs - (sent + received) / 2
    // Within one round trip the two clocks cannot be told apart: keep the local one.
    this.#offsetMs = Math.abs(offset) <= received - sent + 1 ? 0 : Math.round(offset)
  }
}
