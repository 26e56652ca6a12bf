import { fullestWindow, mostAtOnce } from '../../harness/spread.ts'

interface Seen {
  readonly atMs: number
  endedMs?: number
}

/** How densely requests came to a subscriber since somebody asked last. */
export interface Pace {
  /** The most that began in any sliding second. */
  readonly fullestSecond: number
  /** The most that were open at once. */
  readonly mostAtOnce: number
}

/** Counts from when it is asked for the first time: a million requests that nobody asks about are not kept. */
export class PaceBook {
  #seen: Seen[] | undefined

  /** @returns to be called when the request has been answered, or broke off */
  began(atMs: number): (endedMs: number) => void {
    const seen: Seen = { atMs }
    this.#seen?.push(seen)
    return (endedMs) => {
      seen.endedMs = endedMs
    }
  }

  /** What is open goes on to count. */
  take(): Pace {
    const seen = this.#seen ?? []
    this.#seen = seen.filter(({ endedMs }) => endedMs === undefined)
    return { fullestSecond: fullestWindow(seen, 1_000), mostAtOnce: mostAtOnce(seen) }
  }
}
