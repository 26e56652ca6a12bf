// What is published: event n has an id and a type made from n, so that a ledger of a million events
// is an array by n, and who should get it needs no look-up.

export const eventId = (n: number): string => `f-${n}`

/** -1 for an id that is not of ours. */
export function numberOf(id: string): number {
  const n = id.startsWith('f-') ? Number(id.slice(2)) : Number.NaN
  return Number.isSafeInteger(n) && n >= 0 ? n : -1
}

const EVERY_FLAKY = 20
const EVERY_SLOW = 100
const EVERY_LANED = 25

export function typeOf(n: number): string {
  if (n % EVERY_FLAKY === 7) return 'flaky.happened'
  if (n % EVERY_SLOW === 3) return 'slow.happened'
  return n % EVERY_LANED === 11 ? 'laned.happened' : 'plain.happened'
}

const FILLER = 'x'.repeat(150)

export const entryOf = (tenant: string, n: number): string =>
  `{"tenant":"${tenant}","id":"${eventId(n)}","type":"${typeOf(n)}","data":{"n":${n},"text":"${FILLER}"}}`

/** How a subscriber answers, told to the receiver's process. */
export interface Behaviour {
  /** Every other event (by its number) is refused with 500 the first time. */
  readonly refuses?: boolean
  readonly delayMs?: number
  /** The first so many requests are never answered. */
  readonly hangs?: number
  readonly status?: number
}

/** A webhook that every field has, and which events it gets. */
export interface Subscription {
  readonly name: string
  readonly eventTypes: readonly string[]
  readonly expects: (n: number) => boolean
  /** Its webhook is disabled or deleted at times: what it did not get is not lost. */
  readonly mayMiss?: boolean
  readonly behaviour: Behaviour
  /** Of its webhook, beside what each has. */
  readonly settings?: object
}

/** All that its webhook gets goes through its lane. */
const LANED_AT_ONCE = 20

/**
 * One that takes all; one whose deliveries need a retry; one that outlasts patience (leases); one whose
 * deliveries all wait in its lane.
 */
export const SUBSCRIPTIONS: readonly Subscription[] = [
  { name: 'every', eventTypes: ['*'], expects: () => true, behaviour: {} },
  {
    name: 'flaky',
    eventTypes: ['flaky.*'],
    expects: (n) => typeOf(n) === 'flaky.happened',
    behaviour: { refuses: true },
  },
  {
    name: 'slow',
    eventTypes: ['slow.*'],
    expects: (n) => typeOf(n) === 'slow.happened',
    behaviour: { delayMs: 700 },
  },
  {
    name: 'laned',
    eventTypes: ['laned.*'],
    expects: (n) => typeOf(n) === 'laned.happened',
    behaviour: {},
    settings: { maxConcurrency: LANED_AT_ONCE },
  },
]

/** Whether the subscriber of this behaviour refuses the event's first request. */
export const isRefusedFirst = (n: number): boolean => Math.floor(n / EVERY_FLAKY) % 2 === 1
