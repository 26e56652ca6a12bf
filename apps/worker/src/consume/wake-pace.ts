import { setTimeout as sleep } from 'node:timers/promises'
import type { Pace } from '@posthorn/shared/queue/worker.ts'

// How many wake-ups this worker takes while fresh events flow:
//
//     no fresh events ── as many as it has places for
//     fresh events ──▶ so many a second ── fresh batches wait too long ──▶ a third less
//                            ▲                                                  │
//                            └──── they do not, and more could be taken: more ──┘
//
// † without it 20,000 retries due at the same second made fresh events 5 s late (docs/decisions/0020).

/** A fresh batch that waits longer for a worker shows that there is too much for it to do. */
const FRESH_WAIT_MS = 15
/** Retries come last, but they do come: whatever waits, so many a second. */
const LEAST_PER_SECOND = 250
const FIRST_PER_SECOND = 1_000
const LOOK_EVERY_MS = 50
const LESS = 2 / 3
const MORE = 1.1
/** Fresh events have stopped when none has come for so long: who comes now and then is not to be late, either. */
const FRESH_FOR_MS = 2_000
/** What may be taken at once after a pause: a timer is no more exact than that. */
const SAVED_FOR_MS = 20
const ASK_EVERY_MS = 2

/** What was seen since the last look. */
interface Seen {
  /** Of the fresh batches that were begun; undefined when none was. */
  readonly longestWaitMs: number | undefined
  /** Whether a wake-up could have been taken and was not. */
  readonly heldBack: boolean
}

/** The wake-ups a second after what was seen at the present rate. Pure. */
export function nextRate(perSecond: number, { longestWaitMs, heldBack }: Seen): number {
  if (longestWaitMs === undefined) return perSecond
  if (longestWaitMs > FRESH_WAIT_MS) return Math.max(LEAST_PER_SECOND, perSecond * LESS)
  return heldBack ? perSecond * MORE : perSecond
}

/**
 * Paces the taking of wake-ups, before they have a lock: who waits here holds nothing. It needs no word
 * with other workers, since all of them see how long fresh batches wait in the one queue.
 */
export class WakePace implements Pace {
  #perSecond = FIRST_PER_SECOND
  #tokens = 0
  #filledAt = performance.now()
  #lookedAt = performance.now()
  #longestWaitMs: number | undefined
  #heldBack = false
  #fresh = 0
  #freshAt = Number.NEGATIVE_INFINITY

  /** A fresh batch that had waited for so long has begun; returns what to call when it has ended. */
  freshBegun(waitedMs: number): () => void {
    this.#longestWaitMs = Math.max(this.#longestWaitMs ?? 0, waitedMs)
    this.#fresh++
    this.#freshAt = performance.now()
    return () => {
      this.#fresh--
      this.#freshAt = performance.now()
    }
  }

  mayTake(): boolean {
    const now = performance.now()
    if (this.#fresh === 0 && now - this.#freshAt > FRESH_FOR_MS) {
      this.#perSecond = FIRST_PER_SECOND
      return true
    }
    this.#look(now)
    const saved = Math.max(1, (this.#perSecond * SAVED_FOR_MS) / 1_000)
    const earned = ((now - this.#filledAt) * this.#perSecond) / 1_000
    this.#tokens = Math.min(saved, this.#tokens + earned)
    this.#filledAt = now
    if (this.#tokens < 1) {
      this.#heldBack = true
      return false
    }
    this.#tokens--
    return true
  }

  async whenMayTake(isWaiting: () => boolean): Promise<boolean> {
    while (!this.mayTake()) {
      if (!isWaiting()) return false
      await sleep(ASK_EVERY_MS)
    }
    return true
  }

  #look(now: number): void {
    if (now - this.#lookedAt < LOOK_EVERY_MS) return
    const seen = { longestWaitMs: this.#longestWaitMs, heldBack: this.#heldBack }
    this.#perSecond = nextRate(this.#perSecond, seen)
    this.#lookedAt = now
    this.#longestWaitMs = undefined
    this.#heldBack = false
  }
}
