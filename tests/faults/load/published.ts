import { upTo } from '../../harness/wait.ts'
import { ACKNOWLEDGED, UNANSWERED } from '../check/checker.ts'
import { machineMs } from '../clock.ts'

const FIRST_SIZE = 1 << 16

/** Every event by its number, and whether it was answered 202. */
export class Published {
  states = new Uint8Array(FIRST_SIZE)
  /** When each was answered 202, in machine time. */
  #answeredMs = new Float64Array(FIRST_SIZE)
  next = 0
  acknowledged = 0
  /** When the last 202 came, in machine time. */
  lastMs = 0

  /** The next numbers, from now on published but not answered. */
  claim(count: number): number[] {
    const first = this.next
    this.next += count
    while (this.states.length < this.next) {
      const states = new Uint8Array(this.states.length * 2)
      states.set(this.states)
      this.states = states
      const answeredMs = new Float64Array(states.length)
      answeredMs.set(this.#answeredMs)
      this.#answeredMs = answeredMs
    }
    this.states.fill(UNANSWERED, first, this.next)
    return upTo(count).map((i) => first + i)
  }

  acknowledge(numbers: readonly number[]): void {
    if (numbers.length === 0) return
    this.lastMs = machineMs()
    for (const n of numbers) {
      this.states[n] = ACKNOWLEDGED
      this.#answeredMs[n] = this.lastMs
    }
    this.acknowledged += numbers.length
  }

  /** Those that were answered 202 within this time, both ends included. */
  answeredBetween(fromMs: number, untilMs: number): number[] {
    return upTo(this.next).filter((n) => {
      const answeredMs = this.#answeredMs[n] ?? 0
      return this.states[n] === ACKNOWLEDGED && answeredMs >= fromMs && answeredMs <= untilMs
    })
  }
}
