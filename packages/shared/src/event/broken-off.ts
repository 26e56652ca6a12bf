import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { acceptingKey } from '../queue/keys.ts'
import type { ShardQueues } from '../queue/open.ts'
import { BROKEN_OFF_AFTER_MS, decodeNote } from './accepting.ts'
import { type CarryDeps, carryBatch } from './carry.ts'
import type { EventRecord } from './record.ts'

interface Left {
  readonly queues: ShardQueues
  readonly job: string
  /** From then on workers look after it, by `performance.now()`. */
  readonly untilMs: number
}

const TRY_AGAIN_MS = 100

/**
 * Publishes that broke off between record and job, mostly because Redis went away: the batch's note tells
 * what its job was to carry. The process whose commit failed brings the job as soon as Redis answers (an
 * ordered webhook's lane would wait for it); a repeat need not wait for that, or for a process that is gone.
 */
export class BrokenOff {
  readonly #deps: CarryDeps
  readonly #left: Left[] = []
  readonly #underWay = new Map<string, Promise<boolean>>()
  #isAtWork = false

  constructor(deps: CarryDeps) {
    this.#deps = deps
  }

  /** Brings jobs that this process failed to add. */
  finish(queues: ShardQueues, jobs: readonly string[]): void {
    const untilMs = performance.now() + BROKEN_OFF_AFTER_MS
    for (const job of jobs) this.#left.push({ queues, job, untilMs })
    if (!this.#isAtWork) void this.#finish()
  }

  /**
   * Gives the record a job if nothing carries it.
   * @returns the job's name
   */
  async carry(queues: ShardQueues, record: EventRecord): Promise<string> {
    const { tenant, id, job } = record
    if (await this.#carryNotedOnce(queues, job)) return job
    // The job was there, so the note went; then Redis forgot the job. Its other events are not known here.
    const digest = hash('sha256', `${tenant}/${id}`, 'base64url').slice(0, 22)
    const own = `again_${digest}`
    await carryBatch(this.#deps, queues, { job, events: [[tenant, id]] }, own)
    return own
  }

  /** Never rejects. */
  async #finish(): Promise<void> {
    this.#isAtWork = true
    for (let left = this.#left.shift(); left; left = this.#left.shift()) {
      const { queues, job, untilMs } = left
      try {
        await this.#carryNotedOnce(queues, job)
      } catch {
        // Another shard may be with a Redis that answers.
        if (performance.now() < untilMs) this.#left.push(left)
        await sleep(TRY_AGAIN_MS, undefined, { ref: false })
      }
    }
    this.#isAtWork = false
  }

  /**
   * Repeats of a batch's events mostly come together: they share one look.
   * @returns whether a note tells of the batch
   */
  #carryNotedOnce(queues: ShardQueues, job: string): Promise<boolean> {
    let underWay = this.#underWay.get(job)
    if (!underWay) {
      underWay = this.#carryNoted(queues, job).finally(() => this.#underWay.delete(job))
      this.#underWay.set(job, underWay)
    }
    return underWay
  }

  async #carryNoted(queues: ShardQueues, job: string): Promise<boolean> {
    const text = await this.#deps.redis.hget(acceptingKey(queues.shard), job)
    if (text === null) return false
    const [, events] = decodeNote(this.#deps, job, text)
    await carryBatch(this.#deps, queues, { job, events })
    return events.length > 0
  }
}
