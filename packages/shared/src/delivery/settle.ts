import type { Shard } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { compareAndWrite } from './compare-and-write.ts'
import { deliverFirst } from './deliver-first.ts'
import type { Applied, EventHead, EventOutcomes, Transition } from './transition.ts'

/**
 * Writes transitions of deliveries of several events of one shard, all of a kind with one script call: a call
 * costs the client and Redis about as much as the writes of one event do. First deliveries go by a script
 * of their own, which costs less; what does not stand as they expect goes the general way.
 * @returns for each event one result for each transition, in order; or what went wrong with it alone
 */
export async function settleAll(
  redis: RedisClient,
  shard: Shard,
  outcomes: readonly EventOutcomes[],
): Promise<(Applied[] | Error)[]> {
  const results = outcomes.map((): Applied[] | Error => [])
  const write = async (parts: readonly Part[]) =>
    place(results, parts, await compareAndWrite(redis, shard, parts))
  const first = partsOf(outcomes, isFirst)
  const others = write(partsOf(outcomes, (transition) => !isFirst(transition)))
  // Both are awaited, whatever becomes of one: nothing of this call may be under way when it has failed.
  const [delivered] = await Promise.allSettled([deliverFirst(redis, shard, first), others])
  if (delivered.status === 'rejected') throw delivered.reason
  await others
  place(results, first, delivered.value)
  await write(first.filter((_, i) => delivered.value[i] === undefined))
  return results
}

/**
 * Writes transitions of deliveries of one event, in one round trip.
 * @returns one result for each transition, in order
 */
export async function settle(
  redis: RedisClient,
  shard: Shard,
  event: EventHead,
  transitions: readonly Transition[],
): Promise<Applied[]> {
  const [answer] = await settleAll(redis, shard, [{ event, transitions }])
  if (answer instanceof Error) throw answer
  return answer as Applied[]
}

/** Some of the transitions of one event, and where they stand among all of them. */
interface Part extends EventOutcomes {
  readonly at: number
  readonly places: readonly number[]
}

const isFirst = ({ expects }: Transition) => expects !== undefined

function partsOf(
  outcomes: readonly EventOutcomes[],
  belongs: (transition: Transition) => boolean,
): Part[] {
  return outcomes.flatMap(({ event, transitions }, at) => {
    const places = transitions.flatMap((transition, i) => (belongs(transition) ? [i] : []))
    const part = places.map((i) => transitions[i] as Transition)
    return places.length > 0 ? [{ at, event, places, transitions: part }] : []
  })
}

/** Puts what became of parts where it belongs; an error counts for its whole event. */
function place(
  results: (Applied[] | Error)[],
  parts: readonly Part[],
  answers: readonly (readonly Applied[] | Error | undefined)[],
): void {
  for (const [i, { at, places }] of parts.entries()) {
    const answer = answers[i]
    const result = results[at]
    if (answer instanceof Error) results[at] = answer
    else if (answer && Array.isArray(result)) {
      for (const [j, to] of places.entries()) result[to] = answer[j] as Applied
    }
  }
}
