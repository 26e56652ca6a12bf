import { upTo } from '../../harness/wait.ts'
import { ACKNOWLEDGED, UNANSWERED } from '../check/checker.ts'
import { machineMs } from '../clock.ts'

const FIRST_SIZE = 1 << 16

/** Every event by its number, and whether it was answered 202. */
export class Published {
  states = new Uint8Array(FIRST_SIZE)
  next = 0
  acknowledged = 0
  /** When the last 202 came, in machine time. */
  lastMs = 0

  /** The next numbers, from now on published but not answered. */
  claim(count: number): number[] {
    const first = this.next
    this.next += count
    while (this.states.length < this.next) {
      const larger = new Uint8Array(this.states.length * 2)
      larger.set(this.states)
      this.states = larger
    }
    this.states.fill(UNANSWERED, first, this.next)
    return upTo(count).map((i) => first + i)
  }

  acknowledge(numbers: readonly number[]): void {
    if (numbers.length === 0) return
    for (const n of numbers) this.states[n] = ACKNOWLEDGED
    this.acknowledged += numbers.length
    this.lastMs = machineMs()
  }

  /** Those that were answered 202 from this number on. */
  acknowledgedFrom(first: number): number[] {
    return upTo(this.next - first)
      .map((i) => first + i)
      .filter((n) => this.states[n] === ACKNOWLEDGED)
  }
}
