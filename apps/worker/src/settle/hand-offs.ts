import { deadLetter, wakeUp } from '@posthorn/shared/delivery/hand-off.ts'
import type { DeliveryRef } from '@posthorn/shared/delivery/id.ts'
import type { DeliveryState } from '@posthorn/shared/delivery/state.ts'
import type { NewJob, ShardQueues } from '@posthorn/shared/queue/open.ts'
import { GroupCommit } from '@posthorn/shared/runtime/group-commit.ts'
import type { Gone } from './gone.ts'

type Queue = ShardQueues['events']

const MOST_AT_ONCE = 1_000

export interface HandOffDeps {
  /** Redis' time. */
  readonly now: () => number
  readonly deadLetterRetentionMs: number
  /** The receiver said 410: disables its webhook. May be called again. */
  readonly onGone: (gone: Gone) => Promise<void>
}

/**
 * Hands deliveries on: adds their wake-ups and dead letters in groups, one round trip at a time for
 * each queue. Every job has its own name, so adding one again is harmless. Rejects with what Redis
 * answers; the caller's guard then repeats it.
 */
export class HandOffs {
  readonly #deps: HandOffDeps
  readonly #lines = new Map<Queue, GroupCommit<NewJob>>()

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

  /** The dead letter, and what its reason asks for. */
  deadLetter(queues: ShardQueues, ref: DeliveryRef, state: DeliveryState): Promise<void> {
    return this.#deadLetter(queues, ref, state, false)
  }

  /** Repeats the hand-off of what the record shows: whoever recorded it may have been killed before it. */
  async again(queues: ShardQueues, ref: DeliveryRef, state: DeliveryState): Promise<void> {
    if (state.state === 'x') await this.#deadLetter(queues, ref, state, true)
    else await this.wakeUp(queues, ref, state, state.state === 'r' ? state.atMs : this.#deps.now())
  }

  async #deadLetter(
    queues: ShardQueues,
    ref: DeliveryRef,
    { round, atMs, extra: [reason] }: DeliveryState,
    again: boolean,
  ): Promise<void> {
    const now = this.#deps.now()
    const job = deadLetter(ref, round, now + this.#deps.deadLetterRetentionMs, now)
    await this.#add(queues.deadLetters, job)
    if (reason === 'gone') await this.#deps.onGone({ ref, atMs, again })
  }

  #add(queue: Queue, job: NewJob): Promise<void> {
    let line = this.#lines.get(queue)
    if (!line) {
      line = new GroupCommit(async (jobs) => void (await queue.addBulk([...jobs])), MOST_AT_ONCE)
      this.#lines.set(queue, line)
    }
    return line.add(job)
  }
}
