/**
 * The state of one delivery, packed into one field of its event's fan-out hash:
 *
 *     <state><trigger> <round> <attempt> <made> <atMs> [extra …]
 *
 *     pending ──▶ leased ──▶ delivered
 *        │ ▲         │  ╲
 *        │ └─────────┼──▶ retrying ──▶ (leased | delivered | …)
 *        ▼           ▼
 *     parked      dead ──▶ dead, letter gone        cancelled (from any open state)
 *
 * Open states are pending, leased, retrying and parked. `round` starts at 1 and grows with every
 * retry, replay and redrive; `attempt` is the one due next or in the air, of this round, or the last
 * one made once the round has ended; `made` counts attempts over all rounds. A transition is written
 * only by a script that compares (round, attempt) first (see `transition.ts`).
 *
 * `atMs` is, in Redis time: when opened (pending), sent (leased), due (retrying), parked, ended.
 * Extras: delivered has `<durationMs> <statusCode> <responseBytes> <startedMs>`, dead its reason, parked the
 * times of its lane entry.
 */
export type StateChar = 'p' | 'l' | 'r' | 'k' | 'd' | 'x' | 'e' | 'c'

/** What made the first attempt of a round; its later attempts are automatic. */
export const TRIGGERS = ['automatic', 'manual', 'replay'] as const
export type Trigger = (typeof TRIGGERS)[number]

export const DEAD_REASONS = ['exhausted', 'gone', 'disabled', 'expired'] as const
export type DeadReason = (typeof DEAD_REASONS)[number]

/** Why an event has no deliveries. */
export const UNMATCHED_REASONS = ['no_webhooks', 'no_type', 'disabled', 'filtered'] as const
export type UnmatchedReason = (typeof UNMATCHED_REASONS)[number]

export const DELIVERY_STATUSES = [
  'pending',
  'retrying',
  'parked',
  'delivered',
  'dead',
  'cancelled',
] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

export interface DeliveryState {
  readonly state: StateChar
  readonly trigger: Trigger
  readonly round: number
  readonly attempt: number
  readonly made: number
  readonly atMs: number
  readonly extra: readonly string[]
}

const BY_INITIAL: Record<string, Trigger> = { a: 'automatic', m: 'manual', r: 'replay' }

export function packState(state: DeliveryState): string {
  const head = `${state.state}${state.trigger[0]} ${state.round} ${state.attempt} ${state.made} ${state.atMs}`
  return state.extra.length === 0 ? head : `${head} ${state.extra.join(' ')}`
}

export function parseState(packed: string): DeliveryState {
  const [head = '', round, attempt, made, at, ...extra] = packed.split(' ')
  return {
    state: head[0] as StateChar,
    trigger: BY_INITIAL[head[1] ?? ''] ?? 'automatic',
    round: Number(round),
    attempt: Number(attempt),
    made: Number(made),
    atMs: Number(at),
    extra,
  }
}

/** The state of a delivery that a fan-out has just made. */
export const firstState = (atMs: number): string => `pa 1 1 0 ${atMs}`

export const isOpen = (state: StateChar): boolean =>
  state === 'p' || state === 'l' || state === 'r' || state === 'k'

/** What users read. A leased delivery is in the air: pending before its first outcome. */
export function statusOf(state: Pick<DeliveryState, 'state' | 'made'>): DeliveryStatus {
  switch (state.state) {
    case 'p':
      return 'pending'
    case 'l':
      return state.made === 0 ? 'pending' : 'retrying'
    case 'r':
      return 'retrying'
    case 'k':
      return 'parked'
    case 'd':
      return 'delivered'
    case 'c':
      return 'cancelled'
    default:
      return 'dead'
  }
}

/** Which trigger the attempt due next, or in the air, has. */
export const triggerOf = (state: Pick<DeliveryState, 'attempt' | 'trigger'>): Trigger =>
  state.attempt === 1 ? state.trigger : 'automatic'
