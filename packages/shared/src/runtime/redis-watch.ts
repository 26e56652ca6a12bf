import type { Cluster } from 'ioredis'
import { type Confirmation, confirmationFor, type Durability } from './durability.ts'
import { redisAofEnabled, redisMemoryRatio, redisNoEviction } from './metrics.ts'
import type { OutageLog } from './outage-log.ts'
import type { RedisClient } from './redis.ts'
import {
  dangers,
  type Fsync,
  parseInfo,
  type RedisSafety,
  unkept,
  worstOf,
} from './redis-safety.ts'

/** From here on no new event is accepted: the rest of Redis' memory belongs to what was accepted. */
export const FULL_AT_RATIO = 0.85
const LOOK_EVERY_MS = 1_000

/** Why an event cannot be accepted now. */
export type Refusal = 'redis_unavailable' | 'redis_full' | 'durability_unavailable'

export interface RedisWatchDeps {
  readonly redis: RedisClient
  /** `warn`: dangers are logged, and the process is ready all the same. */
  readonly checks: 'enforce' | 'warn'
  /** What a process promises that answers for events; one that does not leaves it out. */
  readonly durability?: Durability
  /** What the operator says of `appendfsync`, for a Redis that does not let its settings be read. */
  readonly fsyncSaid?: Fsync | undefined
  readonly log: { warn(fields: object, message: string): void }
  /** Is told when Redis does not answer: a silent one breaks no connection. */
  readonly outages: Pick<OutageLog, 'note'>
  /** Redis has started anew, or another one has taken over: it may have forgotten what it answered last. */
  readonly onNewRun?: () => void
}

/** Of a Cluster's primaries those that can be asked: one that is lost must not hide the others. */
async function infosOf(redis: RedisClient): Promise<string[]> {
  const primaries = redis.isCluster ? (redis as Cluster).nodes('master') : []
  const asked = primaries.filter(({ status }) => status === 'ready' || status === 'wait')
  return await Promise.all((asked.length > 0 ? asked : [redis]).map((node) => node.info()))
}

const SILENCE = Object.assign(new Error('Redis has been silent for a second'), {
  code: 'ETIMEDOUT',
})

/** Looks at Redis once a second: for readiness, for refusing events in time, and for the metrics. */
export class RedisWatch {
  readonly #deps: RedisWatchDeps
  readonly #durability: Durability
  #timer: NodeJS.Timeout | undefined
  #answersInARow = 0
  #looking = false
  #safety: RedisSafety | undefined
  #warnedOf = ''
  #runId: string | undefined
  #nodeLost = false

  constructor(deps: RedisWatchDeps) {
    this.#deps = deps
    this.#durability = deps.durability ?? { kind: 'fast' }
  }

  async start(): Promise<void> {
    this.#deps.redis.on('close', this.#onClose).on('ready', this.#onReady)
    this.#deps.redis.on('-node', this.#onNodeLost)
    await this.#look()
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#deps.redis.off('close', this.#onClose).off('ready', this.#onReady)
    this.#deps.redis.off('-node', this.#onNodeLost)
  }

  /** The next connection may lead to another Redis, with other settings. */
  readonly #onClose = () => {
    this.#safety = undefined
  }
  /** Of a Cluster; it tells so of each of its connections. */
  readonly #onNodeLost = () => {
    this.#nodeLost = true
  }
  readonly #onReady = () => {
    if (!this.#looking) void this.#look()
  }

  /** Looks, one a second, that Redis has answered since it last did not. */
  get answersInARow(): number {
    return this.#answersInARow
  }

  /** What was last seen of Redis; undefined while it does not answer. */
  readonly safety = (): RedisSafety | undefined =>
    this.#answersInARow > 0 ? this.#safety : undefined

  /** Why an event cannot be written now, or undefined. */
  readonly refusal = (): Refusal | undefined => {
    if (this.#deps.redis.status !== 'ready') return 'redis_unavailable'
    if ((this.#safety?.memoryRatio ?? 0) >= FULL_AT_RATIO) return 'redis_full'
    return this.confirmation() === 'impossible' ? 'durability_unavailable' : undefined
  }

  /** How a publish is confirmed by this Redis. */
  readonly confirmation = (): Confirmation => {
    if (this.#safety) return confirmationFor(this.#durability, this.#safety)
    return this.#durability.kind === 'fast' ? 'by-answer' : 'impossible'
  }

  /** Why this process is not ready, in words for an operator; empty when it is. */
  reasons(): string[] {
    if (this.#answersInARow === 0 || !this.#safety || this.#deps.redis.status !== 'ready') {
      return ['Redis does not answer']
    }
    return [
      ...(this.#deps.checks === 'enforce' ? dangers(this.#safety) : []),
      ...unkept(this.#durability, this.#safety),
    ]
  }

  /**
   * What an operator should know of although this process is ready. A full Redis stands here: workers are
   * what empties it, and an API that a balancer drops can neither say `redis_full` nor purge dead letters.
   */
  warnings(): string[] {
    if ((this.#safety?.memoryRatio ?? 0) < FULL_AT_RATIO) return []
    return [
      `Redis uses more than ${FULL_AT_RATIO * 100} % of its maxmemory; no new events are accepted`,
    ]
  }

  async #look(): Promise<void> {
    const { redis } = this.#deps
    if (this.#looking) {
      // A consumer's command waits for ever. What came while this process was held up is read first.
      setImmediate(() => {
        if (!this.#looking) return
        this.#answersInARow = 0
        this.#deps.outages.note(SILENCE)
      })
      return
    }
    this.#looking = true
    try {
      const [infos, fsync] = await Promise.all([infosOf(redis), this.#readFsync()])
      this.#safety = worstOf(infos.map((info) => parseInfo(info, fsync)))
      this.#answersInARow++
      this.#compareRun(this.#safety.runId)
      redisMemoryRatio.set(this.#safety.memoryRatio)
      redisAofEnabled.set(this.#safety.aofEnabled ? 1 : 0)
      redisNoEviction.set(this.#safety.maxmemoryPolicy === 'noeviction' ? 1 : 0)
      this.#warn(this.#safety)
    } catch (error) {
      this.#answersInARow = 0
      this.#deps.outages.note(error)
    } finally {
      this.#looking = false
    }
  }

  #compareRun(runId: string | undefined): void {
    const isOther = runId !== undefined && this.#runId !== undefined && runId !== this.#runId
    const isNew = isOther || this.#nodeLost
    this.#runId = runId
    this.#nodeLost = false
    if (isNew) this.#deps.onNewRun?.()
  }

  /** Managed services often refuse `CONFIG`, or do not know it. */
  async #readFsync(): Promise<Fsync | undefined> {
    if (this.#durability.kind !== 'durable') return undefined
    const { redis, fsyncSaid } = this.#deps
    try {
      const [, value] = (await redis.config('GET', 'appendfsync')) as string[]
      return (value as Fsync | undefined) ?? fsyncSaid
    } catch (error) {
      if (error instanceof Error && error.name === 'ReplyError') return fsyncSaid
      throw error
    }
  }

  #warn(safety: RedisSafety): void {
    if (this.#deps.checks === 'enforce') return
    const found = dangers(safety)
    const all = found.join('; ')
    if (all !== this.#warnedOf && all !== '') {
      this.#deps.log.warn({ dangers: found }, 'this Redis may lose events')
    }
    this.#warnedOf = all
  }
}
