import { ProblemError } from '../error/problem.ts'
import { confirmKey, fanOutKey, jobKey, type Shard } from '../queue/keys.ts'
import { EVENTS } from '../queue/queues.ts'
import type { Confirmation } from '../runtime/durability.ts'
import { GroupCommit } from '../runtime/group-commit.ts'
import type { RedisClient } from '../runtime/redis.ts'

/** An event, and the job that carries it. One event stands for all of its batch: the job is one write. */
export interface Carried {
  readonly tenant: string
  readonly id: string
  readonly job: string
}

/** Resolves once Redis has confirmed what POSTHORN_DURABILITY promises; rejects with a 503. */
export type Confirm = (shard: Shard, carried: readonly Carried[]) => Promise<void>

export interface ConfirmerDeps {
  /** A connection of its own: `WAIT` blocks it, and whatever is sent behind. */
  readonly redis: RedisClient
  readonly confirmation: () => Confirmation
}

/** With the writes, and the tenth of a second by which an idle Redis is late: less than a publish may take. */
const WAIT_MS = 250

/** Whether this Redis has it, and has confirmed it. */
type IsHere = (one: Carried) => boolean

/**
 * Waits until writes that Redis has answered are on disk, or on replicas. `WAIT` and `WAITAOF` speak of
 * the writes of their own connection, so this one writes a mark first: in Redis' one order of writes
 * it stands behind everything that was answered before.
 *
 *     mark ─▶ is what carries the event here? ─▶ WAIT
 *
 * The question in between is for fail-overs: the Redis that took the event may not be the one that
 * waits. Whoever comes while one is under way joins the next, so there is one at a time per shard.
 */
export class Confirmer {
  readonly #deps: ConfirmerDeps
  readonly #lines = new Map<Shard, GroupCommit<readonly Carried[], IsHere>>()

  constructor(deps: ConfirmerDeps) {
    this.#deps = deps
  }

  readonly confirm: Confirm = async (shard, carried) => {
    if (this.#deps.confirmation() === 'by-answer') return
    const isHere = await this.#lineOf(shard).add(carried)
    if (!carried.every(isHere)) throw new ProblemError('durability_unavailable')
  }

  #lineOf(shard: Shard): GroupCommit<readonly Carried[], IsHere> {
    let line = this.#lines.get(shard)
    if (!line) {
      line = new GroupCommit((group) => this.#confirmed(shard, group.flat()))
      this.#lines.set(shard, line)
    }
    return line
  }

  async #confirmed(shard: Shard, all: readonly Carried[]): Promise<IsHere> {
    try {
      return await this.#wait(shard, all)
    } catch (cause) {
      await this.#findAgain(shard)
      throw new ProblemError('durability_unavailable', undefined, { cause })
    }
  }

  /**
   * In a Cluster the shard may be with another node by now. ioredis does not follow `MOVED` in a
   * pipeline of which one command was answered, as `WAIT` is by every node († after a fail-over nothing
   * was confirmed any more); it does for a command alone, and then knows the node for all.
   */
  async #findAgain(shard: Shard): Promise<void> {
    await this.#deps.redis.exists(confirmKey(shard)).catch(() => undefined)
  }

  async #wait(shard: Shard, all: readonly Carried[]): Promise<IsHere> {
    const pipeline = this.#deps.redis.pipeline().set(confirmKey(shard), '1')
    for (const { tenant, id, job } of all) {
      // In this order: a job that has gone has left a fan-out.
      pipeline.exists(jobKey(shard, EVENTS, job)).hexists(fanOutKey(shard, tenant, id), 'n')
    }
    const confirmation = this.#deps.confirmation()
    if (confirmation === 'waitaof') pipeline.call('WAITAOF', 1, 0, WAIT_MS)
    else if (typeof confirmation === 'object') pipeline.wait(confirmation.replicas, WAIT_MS)
    else if (confirmation === 'impossible')
      throw new Error('Redis no longer keeps what it is given')
    const answers = ((await pipeline.exec()) ?? []).map(([error, value]) => {
      if (error) throw error
      return value
    })
    if (!isReached(confirmation, answers.at(-1))) throw new Error('Redis did not confirm in time')
    const here = new Set(all.filter((_, i) => answers[1 + 2 * i] || answers[2 + 2 * i]))
    return (one) => here.has(one)
  }
}

/** `WAIT` answers how many replicas have it, `WAITAOF` how many disks: here, and of replicas. */
function isReached(confirmation: Confirmation, answer: unknown): boolean {
  if (confirmation === 'waitaof') return Array.isArray(answer) && Number(answer[0]) >= 1
  return typeof confirmation !== 'object' || Number(answer) >= confirmation.replicas
}
