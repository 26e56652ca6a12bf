import type { Entry } from './accept.ts'
import { type LinedUp, NOT_LINED_UP, type Stamped } from './line-up.ts'
import type { Stamps } from './write.ts'

/** An event whose turn has to come. */
interface Place {
  readonly stamped: Stamped
  readonly resolve: (webhooks: readonly string[] | undefined) => void
  readonly reject: (error: unknown) => void
}

/** The events of one tenant that are on their way, as they came; without a place it is not known yet. */
interface Turn {
  readonly places: Map<Entry, Place | undefined>
  /** Lining up goes on one after the other. */
  last: Promise<void>
  underWay: number
}

/**
 * In which order a process lines events up: as they came, tenant by tenant, although their groups, of
 * several shards, are in the air side by side. Each event that entered either takes its place or passes;
 * until then those behind it wait. Tenants without ordered webhooks never wait.
 */
export class Turns {
  readonly #lineUp: (events: readonly Stamped[]) => Promise<LinedUp>
  readonly #tenants = new Map<string, Turn>()

  constructor(lineUp: (events: readonly Stamped[]) => Promise<LinedUp>) {
    this.#lineUp = lineUp
  }

  enter(entry: Entry): void {
    const { tenant } = entry.record
    const turn = this.#tenants.get(tenant)
    if (turn) turn.places.set(entry, undefined)
    else {
      const places = new Map([[entry, undefined]])
      this.#tenants.set(tenant, { places, last: Promise.resolve(), underWay: 0 })
    }
  }

  /** They will not be lined up. May be said again. */
  pass(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const { tenant } = entry.record
      if (this.#tenants.get(tenant)?.places.delete(entry)) this.#advance(tenant)
    }
  }

  /** Resolves when all of them that go to ordered webhooks have their places. */
  async take(entries: readonly Entry[], stamps: Stamps): Promise<LinedUp> {
    const taken: Promise<void>[] = []
    const linedUp = new Map<Entry['record'], readonly string[]>()
    const tenants = new Set<string>()
    for (const entry of entries) {
      const { record } = entry
      const stamp = stamps.get(record.tenant)
      const places = this.#tenants.get(record.tenant)?.places
      tenants.add(record.tenant)
      if (!stamp?.ordered) places?.delete(entry)
      else {
        const { promise, resolve, reject } = Promise.withResolvers<readonly string[] | undefined>()
        places?.set(entry, { stamped: { record, stamp }, resolve, reject })
        taken.push(promise.then((webhooks) => void (webhooks && linedUp.set(record, webhooks))))
      }
    }
    for (const tenant of tenants) this.#advance(tenant)
    if (taken.length === 0) return NOT_LINED_UP
    await Promise.all(taken)
    return linedUp
  }

  #advance(tenant: string): void {
    const turn = this.#tenants.get(tenant)
    if (!turn) return
    const next: Place[] = []
    for (const [entry, place] of turn.places) {
      if (!place) break
      turn.places.delete(entry)
      next.push(place)
    }
    if (next.length > 0) {
      turn.underWay++
      turn.last = turn.last.then(async () => {
        await this.#give(next)
        turn.underWay--
        this.#advance(tenant)
      })
    }
    if (turn.places.size === 0 && turn.underWay === 0) this.#tenants.delete(tenant)
  }

  /** Never rejects. */
  async #give(places: readonly Place[]): Promise<void> {
    try {
      const linedUp = await this.#lineUp(places.map(({ stamped }) => stamped))
      for (const { stamped, resolve } of places) resolve(linedUp.get(stamped.record))
    } catch (error) {
      for (const { reject } of places) reject(error)
    }
  }
}
