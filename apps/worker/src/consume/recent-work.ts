import { setTimeout as sleep } from 'node:timers/promises'

/** Longer than an append-only file that is synced each second is behind: a second, and a slow write. */
const REMEMBERED_MS = 5_000
/** By then what was under way has ended, or has a lease, and every lock of before has lapsed. */
export const AGAIN_AFTER_MS = 8_000

const RETRY_AFTER_MS = 500

/** Adds the job that does a piece of work once more. */
export type Again = (dueMs: number) => Promise<unknown>

/**
 * What this worker does and has just done, for the case that Redis forgets it. A Redis that starts
 * anew may lack the last second(s): outcomes that were answered, while the job that made them is still
 * there, and its end, sent after the restart, counts. Then nobody would look at those deliveries again. So
 * on another run of Redis all recent work is done once more: what Redis still knows costs a look, what
 * it forgot is made again, with the same `webhook-id`.
 */
export class RecentWork {
  readonly #underWay = new Set<Again>()
  #ended: Again[] = []
  /** Those of the time before, so that what ended last is kept for that long at least. */
  #endedBefore: Again[] = []
  #since = performance.now()

  /** @returns to be called when it has ended, whatever came of it */
  begin(again: Again): () => void {
    this.#underWay.add(again)
    return () => {
      this.#underWay.delete(again)
      const now = performance.now()
      if (now - this.#since > REMEMBERED_MS) {
        this.#endedBefore = this.#ended
        this.#ended = []
        this.#since = now
      }
      this.#ended.push(again)
    }
  }

  /**
   * Has everything done once more.
   * @returns how many jobs that are
   * @throws what Redis answers; what it refused is still remembered then, for the next call
   */
  async doAgain(nowMs: number): Promise<number> {
    const all = [...this.#endedBefore, ...this.#ended, ...this.#underWay]
    this.#endedBefore = []
    this.#ended = []
    const added = await Promise.allSettled(all.map((again) => again(nowMs + AGAIN_AFTER_MS)))
    this.#ended.push(...all.filter((_, i) => added[i]?.status === 'rejected'))
    const refused = added.find((result) => result.status === 'rejected')
    if (refused) throw refused.reason
    return all.length
  }
}

/**
 * On another run of Redis. One that is just back may refuse (full, still without its replicas, away again):
 * then it is asked until it has taken all. Never rejects.
 */
export async function doAgainUntilTaken(
  recent: Pick<RecentWork, 'doAgain'>,
  deps: {
    /** Redis' time. */
    readonly now: () => number
    readonly log: { warn(fields: object, message: string): void }
    readonly onError: (error: unknown) => void
    readonly signal: AbortSignal
  },
): Promise<void> {
  while (!deps.signal.aborted) {
    try {
      const jobs = await recent.doAgain(deps.now())
      deps.log.warn({ jobs }, 'Redis started anew: what was done last is looked at once more')
      return
    } catch (error) {
      deps.onError(error)
      await sleep(RETRY_AFTER_MS, undefined, { ref: false })
    }
  }
}
