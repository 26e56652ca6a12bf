import type { DeadLetter } from 'posthorn'

/** Dead letters that died of the same thing. */
export interface Group {
  readonly webhook: string
  readonly reason: DeadLetter['reason']
  readonly lastOutcome: DeadLetter['lastOutcome']
  readonly lastStatusCode: number | undefined
  readonly count: number
  readonly firstAt: string
  readonly lastAt: string
}

/** One group per webhook, reason and last answer; the largest first. */
export function groupByCause(letters: readonly DeadLetter[]): Group[] {
  const groups = new Map<string, Group>()
  for (const letter of letters) {
    const { webhook, reason, lastOutcome, lastStatusCode, deadAt } = letter
    const key = JSON.stringify([webhook, reason, lastOutcome, lastStatusCode])
    const before = groups.get(key)
    groups.set(key, {
      webhook,
      reason,
      lastOutcome,
      lastStatusCode,
      count: (before?.count ?? 0) + 1,
      firstAt: before && before.firstAt < deadAt ? before.firstAt : deadAt,
      lastAt: before && before.lastAt > deadAt ? before.lastAt : deadAt,
    })
  }
  return [...groups.values()].sort((a, b) => b.count - a.count)
}
