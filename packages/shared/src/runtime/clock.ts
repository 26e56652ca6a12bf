import type { RedisClient } from './redis.ts'

const SAMPLE_EVERY_MS = 2_000

/** A process whose own clock is further off than this takes no deliveries. */
export const MAX_SKEW_MS = 1_000

/**
 * Redis' time, kept in the process: due times, leases and latencies of all processes are in this
 * one clock. It is measured every two seconds, half a round trip allowed for, and goes on between by
 * the clock that nobody can set: a machine's clock that jumps moves no due time († a jump of ten
 * minutes between two measurements put retries ten minutes off).
 */
export class RedisClock {
  readonly #redis: RedisClient
  /** Redis' time minus `performance.now()`. */
  #baseMs = Date.now() - performance.now()
  /** Redis' time minus this machine's. */
  #skewMs = 0
  #timer: NodeJS.Timeout | undefined

  constructor(redis: RedisClient) {
    this.#redis = redis
  }

  /** Whole milliseconds since the Unix epoch by Redis' clock. */
  now(): number {
    return Math.floor(performance.now() + this.#baseMs)
  }

  /** Redis' time minus this machine's, in milliseconds. */
  get skewMs(): number {
    return this.#skewMs
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
    const sent = performance.now()
    const [seconds, microseconds] = (await this.#redis.time()) as unknown as [string, string]
    const received = performance.now()
    const redisMs = Number(seconds) * 1_000 + Number(microseconds) / 1_000
    const midwayMs = (sent + received) / 2
    // What a round trip can hide is no difference: the clock is kept as it is.
    const isTold = (differenceMs: number) => Math.abs(differenceMs) > received - sent + 1
    const baseMs = redisMs - midwayMs
    if (isTold(baseMs - this.#baseMs)) this.#baseMs = baseMs
    const skewMs = redisMs - (Date.now() - received + midwayMs)
    this.#skewMs = isTold(skewMs) ? Math.round(skewMs) : 0
  }
}
