import { redisAofEnabled, redisMemoryRatio, redisNoEviction } from './metrics.ts'
import type { RedisClient } from './redis.ts'

/** From here on no new event is accepted: the rest of Redis' memory belongs to what was accepted. */
export const FULL_AT_RATIO = 0.85
const LOOK_EVERY_MS = 1_000

/** What a process knows of Redis: whether it answers, and whether it keeps what it is given. */
export interface RedisSafety {
  readonly memoryRatio: number
  readonly aofEnabled: boolean
  readonly maxmemoryPolicy: string
  readonly version: string
}

/** Looks at Redis once a second: for readiness, for refusing events in time, and for the metrics. */
export class RedisWatch {
  readonly #redis: RedisClient
  #timer: NodeJS.Timeout | undefined
  #answers = false
  #looking = false
  #safety: RedisSafety | undefined

  constructor(redis: RedisClient) {
    this.#redis = redis
  }

  async start(): Promise<void> {
    await this.#look()
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  get safety(): RedisSafety | undefined {
    return this.#safety
  }

  /** Why an event cannot be written now, or undefined. */
  readonly refusal = (): 'redis_unavailable' | 'redis_full' | undefined => {
    if (this.#redis.status !== 'ready') return 'redis_unavailable'
    return (this.#safety?.memoryRatio ?? 0) >= FULL_AT_RATIO ? 'redis_full' : undefined
  }

  /** Why this process is not ready, in words for an operator; empty when it is. */
  reasons(): string[] {
    if (!this.#answers || this.#redis.status !== 'ready') return ['Redis does not answer']
    const reasons: string[] = []
    if (this.refusal() === 'redis_full') {
      reasons.push(`Redis uses more than ${FULL_AT_RATIO * 100} % of its maxmemory`)
    }
    const policy = this.#safety?.maxmemoryPolicy
    if (policy !== undefined && policy !== '' && policy !== 'noeviction') {
      reasons.push(`Redis evicts keys (maxmemory-policy ${policy}); set it to noeviction`)
    }
    return reasons
  }

  async #look(): Promise<void> {
    if (this.#looking) {
      // A consumer's command waits for ever. What came while this process was held up is read first.
      setImmediate(() => {
        if (this.#looking) this.#answers = false
      })
      return
    }
    this.#looking = true
    try {
      this.#safety = parseInfo(await this.#redis.info())
      this.#answers = true
      redisMemoryRatio.set(this.#safety.memoryRatio)
      redisAofEnabled.set(this.#safety.aofEnabled ? 1 : 0)
      redisNoEviction.set(this.#safety.maxmemoryPolicy === 'noeviction' ? 1 : 0)
    } catch {
      this.#answers = false
    } finally {
      this.#looking = false
    }
  }
}

/** Reads the text of `INFO`: lines of `name:value`. */
export function parseInfo(text: string): RedisSafety {
  const values = new Map<string, string>()
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) values.set(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  const limit = Number(values.get('maxmemory') ?? 0)
  return {
    memoryRatio: limit > 0 ? Number(values.get('used_memory') ?? 0) / limit : 0,
    aofEnabled: values.get('aof_enabled') === '1',
    maxmemoryPolicy: values.get('maxmemory_policy') ?? '',
    version: values.get('redis_version') ?? '',
  }
}
