import type { Arrival } from './receiver.ts'

/**
 * What an ordered webhook's receiver saw that it must not have seen. `order`: events as they were
 * published. `given up`: those that were not delivered; nothing is said of when they ended.
 */
export function faultsOfOrder(
  arrivals: readonly Arrival[],
  order: readonly string[],
  givenUp: ReadonlySet<string> = new Set(),
): string[] {
  const place = new Map(order.map((id, i) => [id, i]))
  const delivered = new Set<string>()
  const faults: string[] = []
  let last = 0
  for (const { id, answered } of steps(arrivals)) {
    const at = place.get(id)
    if (at === undefined) faults.push(`${id} was never published`)
    else if (answered) delivered.add(id)
    else {
      if (at < last) faults.push(`${id} (${at}) came after ${order[last]} (${last})`)
      const open = order.slice(last, at).find((one) => !delivered.has(one) && !givenUp.has(one))
      if (open) faults.push(`${id} (${at}) came before ${open} was delivered`)
      last = Math.max(last, at)
    }
  }
  return faults
}

/** Requests and the ends of good answers, in the order in which they were seen. */
function steps(arrivals: readonly Arrival[]): { id: string; answered: boolean; atMs: number }[] {
  return arrivals
    .flatMap(({ id, atMs, endedMs, status = 0 }) => [
      { id, atMs, answered: false },
      ...(status >= 200 && status < 300 && endedMs ? [{ id, atMs: endedMs, answered: true }] : []),
    ])
    .sort((a, b) => a.atMs - b.atMs)
}
