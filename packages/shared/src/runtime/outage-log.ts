import { redisFailure } from '../error/redis-failure.ts'

/** No try to connect takes longer: what has not failed for this long is well again. */
const QUIET_MS = 3_500
const LOOK_EVERY_MS = 500
const REMIND_EVERY_MS = 60_000

const SAID = {
  unavailable: { began: 'Redis is away', lasts: 'Redis is still away', ended: 'Redis is back' },
  full: {
    began: 'Redis is full and refuses writes',
    lasts: 'Redis is still full',
    ended: 'Redis takes writes again',
  },
} as const

interface OutageLogDeps {
  readonly log: {
    warn(fields: object, message: string): void
    info(fields: object, message: string): void
  }
}

interface Outage {
  readonly beganAt: number
  lastFailureAt: number
  saidAt: number
  failures: number
}

/**
 * While Redis is away each connection fails once a second, and while it is full each write does. The log
 * says when that began, reminds once a minute, and says when it was over and how long it lasted:
 *
 *     well ──first failure──▶ away ──3.5 s without any──▶ well
 *
 * It goes by failures alone, since BullMQ does not tell when its own connections are well again.
 */
export class OutageLog {
  readonly #log: OutageLogDeps['log']
  readonly #outages = new Map<keyof typeof SAID, Outage>()
  #timer: NodeJS.Timeout | undefined

  constructor({ log }: OutageLogDeps) {
    this.#log = log
  }

  /** @returns false when the error is not Redis' and so has not been logged */
  note(error: unknown): boolean {
    const kind = redisFailure(error)
    if (!kind) return false
    const now = performance.now()
    const outage = this.#outages.get(kind)
    if (outage) {
      outage.lastFailureAt = now
      outage.failures++
      return true
    }
    this.#outages.set(kind, { beganAt: now, lastFailureAt: now, saidAt: now, failures: 1 })
    this.#log.warn({ err: error }, SAID[kind].began)
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref()
    return true
  }

  #look(): void {
    const now = performance.now()
    for (const [kind, outage] of this.#outages) {
      const { beganAt, lastFailureAt, saidAt, failures } = outage
      if (now - lastFailureAt >= QUIET_MS) {
        this.#outages.delete(kind)
        const lastedMs = Math.round(lastFailureAt - beganAt)
        this.#log.info({ lastedMs, failures }, SAID[kind].ended)
      } else if (now - saidAt >= REMIND_EVERY_MS) {
        outage.saidAt = now
        this.#log.warn({ forMs: Math.round(now - beganAt), failures }, SAID[kind].lasts)
      }
    }
    if (this.#outages.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
