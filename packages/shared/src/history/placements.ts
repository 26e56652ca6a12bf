import type { StateChar } from '../delivery/state.ts'
import { entryOf } from './grouping.ts'

/** Lists that one webhook has of its deliveries. Delivered ones are in none: they are the many. */
export type StateList = 'pending' | 'retrying' | 'parked' | 'dead' | 'cancelled' | 'dead-letter'

const ENTERS: Record<StateChar, readonly StateList[]> = {
  p: ['pending'],
  l: ['pending'],
  r: ['retrying'],
  k: ['parked'],
  d: [],
  x: ['dead', 'dead-letter'],
  e: ['dead'],
  c: ['cancelled'],
}

/** The log does not say what became leased, so it may come from any list of open deliveries. */
const LEAVES: Record<StateChar, readonly StateList[]> = {
  ...ENTERS,
  l: ['pending', 'retrying', 'parked'],
}

interface Ref {
  readonly tenant: string
  readonly eventId: string
  readonly webhookId: string
  readonly createdMs: number
}

interface Placement extends Ref {
  /** The state before the step, or '' for a delivery that was made within it. */
  readonly from: StateChar | ''
  to: StateChar
  atMs: number
}

/** One list that a delivery enters, with its score, or leaves (null). */
export interface ListChange extends Ref {
  readonly list: StateList
  readonly score: number | null
}

/**
 * Follows deliveries through their states within one step of the indexer and keeps only first and
 * last: a delivery that was made and delivered within the step costs nothing.
 */
export class Placements {
  readonly #byEvent = new Map<string, Map<string, Placement>>()

  move(ref: Ref, from: StateChar | '', to: StateChar, atMs: number): void {
    const event = entryOf(this.#byEvent, `${ref.tenant}/${ref.eventId}`, () => new Map())
    const known = event.get(ref.webhookId)
    if (known) {
      known.to = to
      known.atMs = atMs
    } else {
      event.set(ref.webhookId, { ...ref, from, to, atMs })
    }
  }

  *changes(): Iterable<ListChange> {
    for (const event of this.#byEvent.values()) {
      for (const placement of event.values()) yield* changesOf(placement)
    }
  }
}

function* changesOf({ from, to, atMs, ...ref }: Placement): Iterable<ListChange> {
  const enters = ENTERS[to]
  if (from !== '') {
    for (const list of LEAVES[from]) if (!enters.includes(list)) yield { ...ref, list, score: null }
  }
  for (const list of enters) {
    if (list === 'dead-letter') yield { ...ref, list, score: atMs }
    else if (!standsIn(from, list)) yield { ...ref, list, score: ref.createdMs }
  }
}

const standsIn = (from: StateChar | '', list: StateList): boolean =>
  from !== '' && from !== 'l' && ENTERS[from].includes(list)
