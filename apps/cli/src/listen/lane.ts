import { setTimeout as pause } from 'node:timers/promises'
import { type Delivery, type Posthorn, PosthornError, PosthornProblem } from 'posthorn'

const LOOK_EVERY_MS = 300

/**
 * Deliveries that wait for a paused webhook, oldest first, until the signal. Each one once: lists lag, so
 * one that has just been cancelled may still stand in the next.
 */
export async function* arrivals(
  client: Posthorn,
  webhook: string,
  ended: AbortSignal,
  onTrouble: (error: PosthornError) => void,
): AsyncGenerator<Delivery, void, undefined> {
  let seen = new Set<string>()
  while (!ended.aborted) {
    const waiting = await parkedFor(client, webhook, onTrouble)
    for (const delivery of waiting?.toReversed() ?? []) {
      if (ended.aborted) return
      const key = roundOf(delivery)
      if (!seen.has(key)) yield delivery
    }
    // What is no longer listed will not come again in the same round.
    if (waiting) seen = new Set(waiting.map(roundOf))
    await pause(LOOK_EVERY_MS, undefined, { signal: ended }).catch(() => undefined)
  }
}

/** undefined while the API cannot be asked: they wait there. */
async function parkedFor(
  client: Posthorn,
  webhook: string,
  onTrouble: (error: PosthornError) => void,
): Promise<Delivery[] | undefined> {
  const waiting: Delivery[] = []
  try {
    for await (const delivery of client.deliveries.list({ webhook, status: 'parked' })) {
      waiting.push(delivery)
    }
  } catch (error) {
    if (!isPassing(error)) throw error
    onTrouble(error)
    return undefined
  }
  return waiting
}

/** Whether it may go by itself. What the API refuses it refuses again. */
const isPassing = (error: unknown): error is PosthornError =>
  error instanceof PosthornError && !(error instanceof PosthornProblem && error.status < 500)

/** A replay opens the same delivery again. */
const roundOf = ({ id, attempts }: Delivery): string => `${id} ${attempts.length}`
