import type { NewJob } from '@posthorn/shared/delivery/hand-off.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'

type Queue = ShardQueues['events']

/**
 * Adds jobs in groups, one round trip at a time for each queue. Every job has its own name, so adding
 * one again is harmless. Rejects with what Redis answers; the caller's guard then repeats it.
 */
export class HandOffs {
  readonly #lines = new Map<Queue, { waiting: Waiting[]; busy: boolean }>()

  add(queue: Queue, job: NewJob): Promise<void> {
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
