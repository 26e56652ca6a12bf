/** A request for an event of which one had come before. */
export interface Repeat {
  readonly n: number
  /** Machine time of this request, and of the one before it. */
  readonly atMs: number
  readonly previousMs: number
}

/** What one subscriber saw, by the event's number: a million events take 10 MB. */
export interface Ledger {
  /** Requests that arrived whole. */
  readonly requests: Uint8Array
  /** Answered with 2xx, written to the end. */
  readonly delivered: Uint8Array
  /** Answered with another status: the next request is asked for. */
  readonly refused: Uint8Array
  /** Requests beyond those that a refusal asked for. */
  readonly repeats: readonly Repeat[]
  /** Ids that are of no event of ours. */
  readonly strangers: readonly string[]
}

const FIRST_SIZE = 1 << 16

/** Written by the receiver, one line of thought: count, never keep a request. */
export class LedgerBook {
  #requests = new Uint8Array(FIRST_SIZE)
  #delivered = new Uint8Array(FIRST_SIZE)
  #refused = new Uint8Array(FIRST_SIZE)
  #lastMs = new Float64Array(FIRST_SIZE)
  readonly #repeats: Repeat[] = []
  readonly #strangers: string[] = []
  total = 0
  /** Events of which at least one request came. */
  seen = 0

  /** @returns how many requests for this event came before */
  arrived(n: number, atMs: number): number {
    this.#fit(n)
    const before = this.#requests[n] ?? 0
    const asked = this.#refused[n] ?? 0
    if (before > asked) this.#repeats.push({ n, atMs, previousMs: this.#lastMs[n] ?? 0 })
    this.#requests[n] = before + 1
    this.#lastMs[n] = atMs
    this.total++
    if (before === 0) this.seen++
    return before
  }

  stranger(id: string): void {
    this.#strangers.push(id)
  }

  answered(n: number, status: number): void {
    const column = status >= 200 && status < 300 ? this.#delivered : this.#refused
    column[n] = (column[n] ?? 0) + 1
  }

  snapshot(): Ledger {
    return {
      requests: this.#requests,
      delivered: this.#delivered,
      refused: this.#refused,
      repeats: this.#repeats,
      strangers: this.#strangers,
    }
  }

  #fit(n: number): void {
    if (n < this.#requests.length) return
    let size = this.#requests.length
    while (size <= n) size *= 2
    this.#requests = grown(this.#requests, new Uint8Array(size))
    this.#delivered = grown(this.#delivered, new Uint8Array(size))
    this.#refused = grown(this.#refused, new Uint8Array(size))
    this.#lastMs = grown(this.#lastMs, new Float64Array(size))
  }
}

function grown<A extends Uint8Array | Float64Array>(old: A, larger: A): A {
  larger.set(old)
  return larger
}
