import { attemptsOf, isDueLater, type Standing } from './standing.ts'

/** Looks, five seconds or more apart, that find nothing moved before it is a standstill: two minutes. */
export const LOOKS = 24

/**
 * Tells what is slow from what stands still. Looks are counted and not seconds, so what a busy machine keeps
 * from running, this process among it, does not look like a standstill.
 */
export class Patience {
  #missing = Number.NaN
  #attempts = 0
  #still = 0

  /** @param standing undefined when the worker did not say */
  look(missing: number, standing: Standing | undefined): void {
    const attempts = standing ? attemptsOf(standing) : this.#attempts
    const moved = missing !== this.#missing || attempts !== this.#attempts
    const waits = standing !== undefined && isDueLater(missing, standing)
    this.#still = moved || waits ? 0 : this.#still + 1
    this.#missing = missing
    this.#attempts = attempts
  }

  get isOver(): boolean {
    return this.#still >= LOOKS
  }
}
