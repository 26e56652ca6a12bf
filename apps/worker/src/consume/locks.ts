import type { Worker } from '@posthorn/shared/queue/open.ts'
import { LOCK_MS } from '@posthorn/shared/queue/queues.ts'

/**
 * Rule 8: a process that was stopped, or whose event loop stood still, longer than its locks live must
 * send nothing more for them: another worker has the jobs by then. BullMQ renews locks in the
 * background; this keeps when each was last known to be ours, by a clock that nobody can set.
 */
export class JobLocks {
  readonly #confirmedAt = new Map<string, number>()

  watch(worker: Worker): void {
    worker.on('locksRenewed', ({ jobIds }) => {
      const now = performance.now()
      for (const id of jobIds) if (this.#confirmedAt.has(id)) this.#confirmedAt.set(id, now)
    })
    worker.on('lockRenewalFailed', (jobIds) => {
      for (const id of jobIds) this.#confirmedAt.delete(id)
    })
  }

  /** To be called as soon as a job is taken; `release` when it ends. */
  hold(jobId: string): { isHeld: () => boolean; release: () => void } {
    this.#confirmedAt.set(jobId, performance.now())
    return {
      isHeld: () => performance.now() - (this.#confirmedAt.get(jobId) ?? -LOCK_MS) < LOCK_MS,
      release: () => this.#confirmedAt.delete(jobId),
    }
  }
}
