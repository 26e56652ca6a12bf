import type { LiveAttempt } from 'posthorn'
import { queries } from '../api/queries.ts'
import { sessionKey } from '../api/session.ts'

export type TailState = 'connecting' | 'open' | 'broken'

export interface TailView {
  readonly state: TailState
  /** Newest first, at most `KEPT`. */
  readonly rows: readonly LiveRow[]
  /** Attempts of the last seconds, per second. */
  readonly perSecond: number
  /** Attempts that the server could not send because this page was too slow. */
  readonly missed: number
}

export interface LiveRow extends LiveAttempt {
  /** Counts up; the same attempt may be told twice after a reconnection. */
  readonly key: number
}

const KEPT = 2_000
/** However many come, the page is drawn this often. */
const DRAW_EVERY_MS = 250
const RATE_OVER_MS = 5_000
const AGAIN_AFTER_MS = 3_000

/** The stream of attempts as the page shows it. Connected while somebody looks. */
export class Tail {
  readonly #url: string
  readonly #listeners = new Set<() => void>()
  #view: TailView = { state: 'connecting', rows: [], perSecond: 0, missed: 0 }
  #waiting: LiveRow[] = []
  #arrivals: number[] = []
  #missed = 0
  #state: TailState = 'connecting'
  #source: EventSource | undefined
  #timer: ReturnType<typeof setInterval> | undefined
  #again: ReturnType<typeof setTimeout> | undefined
  #count = 0

  constructor(tenant: string | undefined) {
    this.#url = tenant ? `/v1/stream?tenant=${encodeURIComponent(tenant)}` : '/v1/stream'
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.#open()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#close()
    }
  }

  readonly view = (): TailView => this.#view

  #open(): void {
    this.#connect()
    this.#timer = setInterval(() => this.#draw(), DRAW_EVERY_MS)
  }

  #connect(): void {
    const source = new EventSource(this.#url)
    this.#source = source
    source.onopen = () => {
      this.#state = 'open'
    }
    source.onerror = () => {
      this.#state = 'broken'
      // The browser connects again by itself, unless the server refused: Redis is gone, or the session.
      if (source.readyState !== EventSource.CLOSED) return
      this.#again = setTimeout(() => this.#connect(), AGAIN_AFTER_MS)
      queries.invalidateQueries({ queryKey: sessionKey })
    }
    source.addEventListener('attempt', ({ data }) => {
      this.#waiting.push({ ...(JSON.parse(data) as LiveAttempt), key: this.#count++ })
    })
    source.addEventListener('missed', ({ data }) => {
      this.#missed += (JSON.parse(data) as { entries: number }).entries
    })
  }

  #close(): void {
    this.#source?.close()
    clearInterval(this.#timer)
    clearTimeout(this.#again)
  }

  #draw(): void {
    const now = performance.now()
    const fresh = this.#waiting
    this.#waiting = []
    this.#arrivals = [...this.#arrivals, ...fresh.map(() => now)].filter(
      (at) => now - at < RATE_OVER_MS,
    )
    const perSecond = Math.round(this.#arrivals.length / (RATE_OVER_MS / 1_000))
    const same = perSecond === this.#view.perSecond && this.#state === this.#view.state
    if (fresh.length === 0 && same) return
    const rows =
      fresh.length > 0 ? [...fresh.reverse(), ...this.#view.rows].slice(0, KEPT) : this.#view.rows
    this.#view = { state: this.#state, rows, perSecond, missed: this.#missed }
    for (const listener of this.#listeners) listener()
  }
}
