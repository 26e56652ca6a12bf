import { deadLetter, type NewJob, wakeUp } from '@posthorn/shared/delivery/hand-off.ts'
import type { DeliveryRef } from '@posthorn/shared/delivery/id.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'

type Queue = ShardQueues['events']

export interface HandOffDeps {
  /** Redis' time. */
  readonly now: () => number
  readonly deadLetterRetentionMs: number
}

/**
 * Hands deliveries on: adds their wake-ups and dead letters in groups, one round trip at a time for
 * each queue. Every job has its own name, so adding one again is harmless. Rejects with what Redis
 * answers; the caller's guard then repeats it.
 */
export class HandOffs {
  readonly #deps: HandOffDeps
  readonly #lines = new Map<Queue, { waiting: Waiting[]; busy: boolean }>()

  constructor(deps: HandOffDeps) {
    this.#deps = deps
  }

  /** @param dueMs in Redis' time */
  wakeUp(
    queues: ShardQueues,
    ref: DeliveryRef,
    next: { readonly round: number; readonly attempt: number },
    dueMs: number,
  ): Promise<void> {
    const job = wakeUp(ref, next.round, next.attempt, dueMs, this.#deps.now())
    return this.#add(queues.deliveries, job)
  }

  deadLetter(queues: ShardQueues, ref: DeliveryRef, round: number): Promise<void> {
    const now = this.#deps.now()
    const job = deadLetter(ref, round, now + this.#deps.deadLetterRetentionMs, now)
    return this.#add(queues.deadLetters, job)
  }

  #add(queue: Queue, job: NewJob): Promise<void> {
    return new Promise((resolve, reject) => {
      let line = this.#lines.get(queue)
      if (!line) {
        line = { waiting: [], busy: false }
        this.#lines.set(queue, line)
      }
      line.waiting.push({ job, resolve, reject })
      if (!line.busy) void this.#flush(queue, line)
    })
  }

  async #flush(queue: Queue, line: { waiting: Waiting[]; busy: boolean }): Promise<void> {
    line.busy = true
    while (line.waiting.length > 0) {
      const group = line.waiting.splice(0, 1_000)
      try {
        await queue.addBulk(group.map(({ job }) => job))
        for (const { resolve } of group) resolve()
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    line.busy = false
  }
}

interface Waiting {
  readonly job: NewJob
  resolve(): void
  reject(error: unknown): void
}
