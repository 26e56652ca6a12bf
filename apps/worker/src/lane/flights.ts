import { LEASE_MS } from '@posthorn/shared/delivery/transition.ts'
import type { Lanes } from '@posthorn/shared/lane/lane.ts'

const RENEW_EVERY_MS = 1_000

/** The lane entries that this process has in flight. Renewing them each second is their only lease. */
export class LaneFlights {
  readonly #lanes: Lanes
  readonly #now: () => number
  /** Webhook → member → when it was last renewed, in local time. */
  readonly #held = new Map<string, Map<string, number>>()
  #timer: NodeJS.Timeout | undefined

  constructor(lanes: Lanes, now: () => number) {
    this.#lanes = lanes
    this.#now = now
  }

  start(): void {
    this.#timer = setInterval(() => this.#renew(), RENEW_EVERY_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  count(webhookId: string): number {
    return this.#held.get(webhookId)?.size ?? 0
  }

  /** @param takenAt local time (`performance.now()`) before it was asked for */
  hold(webhookId: string, member: string, takenAt: number): { isHeld(): boolean; end(): void } {
    const held = this.#held.get(webhookId) ?? new Map<string, number>()
    this.#held.set(webhookId, held)
    held.set(member, takenAt)
    return {
      isHeld: () => performance.now() - (held.get(member) ?? -LEASE_MS) < LEASE_MS,
      end: () => {
        held.delete(member)
        if (held.size === 0 && this.#held.get(webhookId) === held) this.#held.delete(webhookId)
      },
    }
  }

  #renew(): void {
    for (const [webhookId, held] of this.#held) {
      const members = [...held.keys()]
      const sent = performance.now()
      this.#lanes.renew(webhookId, members, Math.round(this.#now())).then(
        () => {
          for (const member of members) if (held.has(member)) held.set(member, sent)
        },
        () => undefined, // Redis away: not renewed, so not sent either once it has run out.
      )
    }
  }
}
