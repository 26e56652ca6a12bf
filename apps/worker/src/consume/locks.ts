import { LOCK_MS } from '@posthorn/shared/queue/queues.ts'
import type { LockListener } from '@posthorn/shared/queue/worker.ts'

/**
 * Rule 8: a process that was stopped, or whose event loop stood still, longer than its locks live must
 * send nothing more for them: another worker has the jobs by then. BullMQ renews locks in the
 * background; this keeps when Redis was last asked for each. Only the age of what was just taken goes by a
 * clock that can be set.
 */
export class JobLocks implements LockListener {
  /** The last hold of each job: the same process may take a job again that it held too long. */
  readonly #holds = new Map<string, { confirmedAt: number }>()

  /** When jobs that have not begun yet were taken. */
  readonly #takenAt = new Map<string, number>()

  renewed(jobIds: readonly string[], askedAt: number): void {
    for (const id of jobIds) {
      const hold = this.#holds.get(id)
      if (hold) hold.confirmedAt = Math.max(hold.confirmedAt, askedAt)
    }
  }

  lost(jobIds: readonly string[]): void {
    for (const id of jobIds) this.#holds.delete(id)
  }

  /** To be called as soon as a job is taken: it may begin much later. */
  taken(jobId: string, askedAt: number): void {
    this.#takenAt.set(jobId, askedAt)
  }

  /** Whether the lock of a job that has not begun may be over soon, so that Redis is to be asked whose it is. */
  isOld(jobId: string): boolean {
    const takenAt = this.#takenAt.get(jobId)
    return takenAt !== undefined && performance.now() - takenAt > LOCK_MS / 2
  }

  /** To be called when a job has begun: many never hold their lock, and none is to be kept for ever. */
  begun(jobId: string): void {
    this.#takenAt.delete(jobId)
  }

  /** Jobs that were taken and have not begun. */
  get waiting(): number {
    return this.#takenAt.size
  }

  /** To be called when a job begins; `release` when it ends. */
  hold(jobId: string): { isHeld: () => boolean; release: () => void } {
    const hold = { confirmedAt: this.#takenAt.get(jobId) ?? performance.now() }
    this.#takenAt.delete(jobId)
    this.#holds.set(jobId, hold)
    const isLast = () => this.#holds.get(jobId) === hold
    return {
      isHeld: () => isLast() && performance.now() - hold.confirmedAt < LOCK_MS,
      release: () => {
        if (isLast()) this.#holds.delete(jobId)
      },
    }
  }
}
