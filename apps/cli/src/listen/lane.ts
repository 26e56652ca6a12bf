import { setTimeout as pause } from 'node:timers/promises'
import type { Delivery, Posthorn } from 'posthorn'

const LOOK_EVERY_MS = 300

/**
 * Deliveries that wait for a paused webhook, oldest first, until the signal. Each one once: lists lag, so
 * one that has just been cancelled may still stand in the next.
 */
export async function* arrivals(
  client: Posthorn,
  webhook: string,
  ended: AbortSignal,
): AsyncGenerator<Delivery, void, undefined> {
  let seen = new Set<string>()
  while (!ended.aborted) {
    const waiting: Delivery[] = []
    for await (const delivery of client.deliveries.list({ webhook, status: 'parked' })) {
      waiting.push(delivery)
    }
    for (const delivery of waiting.toReversed()) {
      if (ended.aborted) return
      const key = roundOf(delivery)
      if (!seen.has(key)) yield delivery
    }
    // What is no longer listed will not come again in the same round.
    seen = new Set(waiting.map(roundOf))
    await pause(LOOK_EVERY_MS, undefined, { signal: ended }).catch(() => undefined)
  }
}

/** A replay opens the same delivery again. */
const roundOf = ({ id, attempts }: Delivery): string => `${id} ${attempts.length}`
