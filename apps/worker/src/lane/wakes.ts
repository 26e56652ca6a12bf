import type { LaneName } from '@posthorn/shared/lane/entry.ts'

/** No timer waits longer: the sweep looks at every lane once a second anyway. */
const LONGEST_WAIT_MS = 60_000

/** What will wake lanes that hold more than could be taken: the time, or the end of an attempt. */
export class Wakes {
  readonly #timers = new Map<string, NodeJS.Timeout>()
  /** Lanes that got all that there were places for: only the end of an attempt makes one. */
  readonly #short = new Map<string, LaneName>()
  #stopped = false

  /** Replaces the time that was set before; undefined: no time will bring more. */
  after(waitMs: number | undefined, lane: LaneName, wake: () => void): void {
    clearTimeout(this.#timers.get(lane.webhookId))
    this.#timers.delete(lane.webhookId)
    if (waitMs === undefined || this.#stopped) return
    const ring = () => {
      this.#timers.delete(lane.webhookId)
      wake()
    }
    const inMs = Math.min(Math.max(1, waitMs), LONGEST_WAIT_MS)
    this.#timers.set(lane.webhookId, setTimeout(ring, inMs))
  }

  /** Whether a time is set: what comes into the lane before it could not be taken. */
  waits(webhookId: string): boolean {
    return this.#timers.has(webhookId)
  }

  setShort(lane: LaneName): void {
    this.#short.set(lane.webhookId, lane)
  }

  isShort(webhookId: string): boolean {
    return this.#short.has(webhookId)
  }

  takeShort(webhookId: string): LaneName | undefined {
    const lane = this.#short.get(webhookId)
    if (lane) this.#short.delete(webhookId)
    return lane
  }

  stop(): void {
    this.#stopped = true
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }
}
