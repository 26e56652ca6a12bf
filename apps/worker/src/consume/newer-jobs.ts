import type { QueueName } from '@posthorn/shared/queue/queues.ts'
import { newerJobs } from '@posthorn/shared/runtime/metrics.ts'

/** Each job comes again within three seconds, so one that no longer does has found its worker. */
const FORGET_AFTER_MS = 15_000
const REMIND_EVERY_MS = 60_000

interface Met {
  saidAtMs: number
  lastAtMs: number
}

/** Jobs of a newer Posthorn that this worker met and left waiting, for its operator. */
export class NewerJobs {
  readonly #log: { warn(fields: object, message: string): void }
  readonly #met = new Map<string, Met>()

  constructor(log: { warn(fields: object, message: string): void }) {
    this.#log = log
  }

  /** @param schema as `newerSchema` names it */
  note(queue: QueueName, schema: string): void {
    newerJobs.inc({ queue })
    const name = `${queue}: ${schema}`
    const nowMs = performance.now()
    const met = this.#met.get(name)
    if (met && nowMs - met.saidAtMs < REMIND_EVERY_MS) {
      met.lastAtMs = nowMs
      return
    }
    this.#met.set(name, { saidAtMs: nowMs, lastAtMs: nowMs })
    this.#log.warn({ queue, schema }, 'a job of a newer version waits for a newer worker')
  }

  warnings(): string[] {
    const nowMs = performance.now()
    for (const [name, { lastAtMs }] of this.#met) {
      if (nowMs - lastAtMs > FORGET_AFTER_MS) this.#met.delete(name)
    }
    return [...this.#met.keys()].map(
      (name) => `Jobs of a newer version wait for a newer worker (${name})`,
    )
  }
}
