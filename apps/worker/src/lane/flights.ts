import { LEASE_MS } from '@posthorn/shared/delivery/transition.ts'
import type { Hold } from '@posthorn/shared/lane/entry.ts'
import type { Lanes } from '@posthorn/shared/lane/lane.ts'

const RENEW_EVERY_MS = 1_000

/** One entry as this process took it; taken again, it is another. */
interface Held extends Hold {
  /** Local time. */
  renewedAt: number
}

/** The lane entries that this process has in flight. Renewing them each second is their only lease. */
export class LaneFlights {
  readonly #lanes: Pick<Lanes, 'renew'>
  readonly #now: () => number
  readonly #held = new Map<string, Set<Held>>()
  #timer: NodeJS.Timeout | undefined

  constructor(lanes: Pick<Lanes, 'renew'>, now: () => number) {
    this.#lanes = lanes
    this.#now = now
  }

  start(): void {
    this.#timer = setInterval(() => void this.renew(), RENEW_EVERY_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  count(webhookId: string): number {
    return this.#held.get(webhookId)?.size ?? 0
  }

  /** @param takenAt local time (`performance.now()`) before it was asked for */
  hold(
    webhookId: string,
    { member, token }: Hold,
    takenAt: number,
  ): { isHeld(): boolean; end(): void } {
    const held: Held = { member, token, renewedAt: takenAt }
    const ofWebhook = this.#held.get(webhookId) ?? new Set<Held>()
    this.#held.set(webhookId, ofWebhook.add(held))
    return {
      isHeld: () => ofWebhook.has(held) && performance.now() - held.renewedAt < LEASE_MS,
      end: () => {
        ofWebhook.delete(held)
        if (ofWebhook.size === 0 && this.#held.get(webhookId) === ofWebhook) {
          this.#held.delete(webhookId)
        }
      },
    }
  }

  /** Never rejects. */
  async renew(): Promise<void> {
    await Promise.all([...this.#held].map((each) => this.#renewOf(...each)))
  }

  async #renewOf(webhookId: string, held: ReadonlySet<Held>): Promise<void> {
    const asked = [...held]
    const askedAt = performance.now()
    try {
      const lost = await this.#lanes.renew(webhookId, asked, Math.round(this.#now()))
      for (const each of asked) each.renewedAt = askedAt
      for (const each of lost) each.renewedAt = Number.NEGATIVE_INFINITY
    } catch {
      // Redis away: not renewed, so not sent either once it has run out.
    }
  }
}
