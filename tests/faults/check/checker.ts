import { eventId } from '../load/events.ts'
import type { Ledger, Repeat } from '../receiver/ledger.ts'

// The oracle: every event answered 202 was delivered to each webhook that matched it, or stands in
// the dead letters with a true reason, or was cancelled by a person, or is still open. Pure: it is
// given what was published, what the receivers saw and what Posthorn says, and judges.

/** By event number: never published, published without an answer, answered 202. */
export const UNANSWERED = 1
export const ACKNOWLEDGED = 2

export interface Subscriber {
  readonly name: string
  readonly expects: (n: number) => boolean
  /** What it did not get is not lost: its webhook was not always there. */
  readonly mayMiss?: boolean
  readonly ledger: Ledger
}

/** A delivery that Posthorn says is dead, cancelled or open. */
export interface Told {
  readonly n: number
  readonly subscriber: string
  readonly status: 'dead' | 'cancelled' | 'open'
  readonly reason?: string
}

/** A time in which attempts in the air may have to be made again. */
export interface Disturbance {
  readonly fromMs: number
  readonly untilMs: number
}

export interface Evidence {
  readonly published: Uint8Array
  readonly subscribers: readonly Subscriber[]
  readonly told: readonly Told[]
  readonly disturbances: readonly Disturbance[]
  /** Whether a delivery may be dead or cancelled at all: somebody disabled, deleted, cancelled. */
  readonly mayEnd?: ((told: Told) => boolean) | undefined
  /** Events that Redis itself is known to have forgotten (`everysec`), reported apart. */
  readonly forgotten?: ReadonlySet<number>
}

export interface Findings {
  readonly events: number
  readonly deliveries: number
  readonly lost: readonly string[]
  readonly forgottenByRedis: number
  readonly open: readonly string[]
  readonly duplicates: number
  /** Duplicates of requests that no disturbance can explain. */
  readonly unexplained: readonly string[]
  readonly wrongDead: readonly string[]
  /** What arrived where it should not. */
  readonly uncalledFor: readonly string[]
}

export function check(evidence: Evidence): Findings {
  const told = new Map(evidence.told.map((each) => [`${each.n} ${each.subscriber}`, each]))
  const lost: string[] = []
  let deliveries = 0
  let forgottenByRedis = 0
  for (const { name, expects, ledger, mayMiss } of evidence.subscribers) {
    if (mayMiss) continue
    for (let n = 0; n < evidence.published.length; n++) {
      if (evidence.published[n] !== ACKNOWLEDGED || !expects(n)) continue
      deliveries++
      if ((ledger.delivered[n] ?? 0) > 0 || told.has(`${n} ${name}`)) continue
      if (evidence.forgotten?.has(n)) forgottenByRedis++
      else lost.push(`${eventId(n)} at ${name}`)
    }
  }
  const repeats = evidence.subscribers.flatMap(({ name, ledger }) =>
    ledger.repeats.map((repeat) => ({ name, repeat })),
  )
  return {
    events: evidence.published.reduce((sum, state) => sum + (state === ACKNOWLEDGED ? 1 : 0), 0),
    deliveries,
    lost,
    forgottenByRedis,
    open: evidence.told.filter((each) => each.status === 'open').map(nameOf),
    duplicates: repeats.length,
    unexplained: repeats
      .filter(({ repeat }) => !isExplained(repeat, evidence.disturbances))
      .map(({ name, repeat }) => `${eventId(repeat.n)} at ${name}${timesOf(repeat, evidence)}`),
    wrongDead: evidence.told
      .filter((each) => each.status !== 'open' && !(evidence.mayEnd?.(each) ?? false))
      .map(nameOf),
    uncalledFor: evidence.subscribers.flatMap((each) => strangersOf(each, evidence.published)),
  }
}

const nameOf = ({ n, subscriber, status, reason }: Told): string =>
  `${eventId(n)} at ${subscriber}: ${status}${reason === undefined ? '' : ` (${reason})`}`

/** In the air means: sent before, with an outcome that was not recorded when the disturbance began. */
const isExplained = ({ previousMs }: Repeat, disturbances: readonly Disturbance[]): boolean =>
  disturbances.some(({ fromMs, untilMs }) => previousMs >= fromMs && previousMs <= untilMs)

/** When it was first sent, since the last disturbance, and how much later again. */
function timesOf({ atMs, previousMs }: Repeat, { disturbances }: Evidence): string {
  const last = disturbances.findLast(({ fromMs }) => fromMs <= previousMs)
  const after = last ? `${Math.round(previousMs - last.untilMs)} ms after a disturbance, ` : ''
  return ` (${after}again ${Math.round(atMs - previousMs)} ms later)`
}

function strangersOf({ name, expects, ledger }: Subscriber, published: Uint8Array): string[] {
  const found = ledger.strangers.map((id) => `${id} at ${name}`)
  for (let n = 0; n < ledger.requests.length; n++) {
    if ((ledger.requests[n] ?? 0) === 0) continue
    if ((published[n] ?? 0) === 0 || !expects(n)) found.push(`${eventId(n)} at ${name}`)
  }
  return found
}
