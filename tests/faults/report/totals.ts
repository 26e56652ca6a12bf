import type { Row } from './table.ts'

export interface Totals {
  readonly events: number
  readonly deliveries: number
  readonly lost: number
  readonly open: number
  readonly forgottenByRedis: number
  readonly wrongDead: number
  readonly duplicates: number
  readonly unexplained: number
  readonly workerKills: number
  readonly redisKills: number
  readonly apiKills: number
  readonly slowestRefusalMs: number
}

export function totalsOf(rows: readonly Row[]): Totals {
  const sum = (of: (outcome: Row['outcome']) => number) =>
    rows.reduce((total, { outcome }) => total + of(outcome), 0)
  return {
    events: sum((each) => each.events),
    deliveries: sum((each) => each.deliveries),
    lost: sum((each) => each.lost.length),
    open: sum((each) => each.open.length),
    forgottenByRedis: sum((each) => each.forgottenByRedis),
    wrongDead: sum((each) => each.wrongDead.length),
    duplicates: sum((each) => each.duplicates),
    unexplained: sum((each) => each.unexplained.length),
    workerKills: sum((each) => each.kills.worker),
    redisKills: sum((each) => each.kills.redis),
    apiKills: sum((each) => each.kills.api),
    slowestRefusalMs: Math.max(0, ...rows.map(({ outcome }) => outcome.refusals.slowestMs)),
  }
}
