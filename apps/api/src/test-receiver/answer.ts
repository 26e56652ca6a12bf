import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from './received.ts'

const SLOW_MS = 2_000
/** Longer than any attempt may take. */
const HANG_MS = 65_000
/** Requests that wait at once: more would only hold sockets. */
const MAX_WAITING = 100

export const STATUS: Record<Answer, number | null> = {
  succeed: 200,
  fail: 500,
  slow: 200,
  hang: null,
}

/** Waits as long as an answer of this kind takes. */
export class Waiting {
  #count = 0

  /** False when too many wait already. `until` ends a wait early: the sender has gone, or the process goes. */
  async for(answer: Answer, until: AbortSignal): Promise<boolean> {
    if (answer !== 'slow' && answer !== 'hang') return true
    if (this.#count >= MAX_WAITING) return false
    this.#count += 1
    const delayMs = answer === 'slow' ? SLOW_MS : HANG_MS
    await sleep(delayMs, undefined, { signal: until, ref: false }).catch(() => undefined)
    this.#count -= 1
    return true
  }
}
