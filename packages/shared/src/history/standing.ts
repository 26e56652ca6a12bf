import { stateListKey } from '../queue/keys.ts'
import { holdersOf } from './candidates.ts'
import type { HistoryDeps } from './deliveries.ts'

const LISTS = ['pending', 'retrying', 'parked', 'dead-letter'] as const
type Counted = (typeof LISTS)[number]

/** How many deliveries stand where. A delivery in the air counts where it came from. */
export interface Standing {
  readonly pending: number
  readonly retrying: number
  readonly parked: number
  readonly deadLetters: number
  /** When the oldest event with an open delivery was accepted. */
  readonly oldestOpenMs: number | undefined
}

interface Holder {
  readonly list: Counted
  readonly key: string
}

/** Webhooks whose lists are read at once. */
const AT_ONCE = 1_000

/** Of a tenant, or of all; at most 1 s behind. */
export async function readStanding(
  deps: HistoryDeps,
  tenant: string | undefined,
): Promise<Standing> {
  const found = await Promise.all(
    deps.shards.flatMap((shard) =>
      LISTS.map(async (list): Promise<Holder[]> => {
        const webhookIds = await holdersOf(deps, shard, list, tenant)
        return webhookIds.map((id) => ({ list, key: stateListKey(shard, id, list) }))
      }),
    ),
  )
  return sum(await readAll(deps, found.flat()))
}

/** Of one webhook. */
export async function readStandingOf(deps: HistoryDeps, webhookId: string): Promise<Standing> {
  const holders = deps.shards.flatMap((shard) =>
    LISTS.map((list) => ({ list, key: stateListKey(shard, webhookId, list) })),
  )
  return sum(await readAll(deps, holders))
}

interface Count extends Holder {
  readonly count: number
  readonly oldestMs: number | undefined
}

async function readAll({ redis }: HistoryDeps, holders: readonly Holder[]): Promise<Count[]> {
  const counts: Count[] = []
  for (let from = 0; from < holders.length; from += AT_ONCE) {
    const some = holders.slice(from, from + AT_ONCE)
    counts.push(
      ...(await Promise.all(
        some.map(async (holder): Promise<Count> => {
          const [count, oldest] = await Promise.all([
            redis.zcard(holder.key),
            redis.zrange(holder.key, '0', '0', 'WITHSCORES'),
          ])
          return {
            ...holder,
            count,
            oldestMs: oldest[1] === undefined ? undefined : Number(oldest[1]),
          }
        }),
      )),
    )
  }
  return counts
}

function sum(counts: readonly Count[]): Standing {
  const of = (list: Counted) =>
    counts.reduce((total, one) => total + (one.list === list ? one.count : 0), 0)
  const oldest = counts.flatMap(({ list, oldestMs }) =>
    list === 'dead-letter' || oldestMs === undefined ? [] : [oldestMs],
  )
  return {
    pending: of('pending'),
    retrying: of('retrying'),
    parked: of('parked'),
    deadLetters: of('dead-letter'),
    oldestOpenMs: oldest.length === 0 ? undefined : oldest.reduce((a, b) => Math.min(a, b)),
  }
}
