import { SAMPLE_EVERY_MS } from '@posthorn/shared/system/gauges.ts'

/**
 * Two minutes: twice the longest attempt. A receiver that hangs, and whatever waits for it, has moved by
 * then, so what has not is ours.
 */
export const STUCK_AFTER_MS = 120_000
export const STUCK_AFTER_LOOKS = STUCK_AFTER_MS / SAMPLE_EVERY_MS

/**
 * Counts the looks in a row that found work and nothing moved since the one before. Looks are counted and
 * not seconds: there is none while Redis is away or while this process is held up, so neither makes a
 * worker look stuck.
 */
export class Standstill {
  #looks = 0
  #movedAtMs = 0

  /**
   * @param movedAtMs when anything moved last, by any clock that never goes back
   * @param isExpected whether there was work, and nothing that excuses that it is left undone
   */
  look(movedAtMs: number, isExpected: boolean): void {
    this.#looks = isExpected && movedAtMs === this.#movedAtMs ? this.#looks + 1 : 0
    this.#movedAtMs = movedAtMs
  }

  get isLong(): boolean {
    return this.#looks >= STUCK_AFTER_LOOKS
  }
}
