import { type Lease, leaseMember } from '@posthorn/shared/delivery/lease.ts'
import type { DeliveryState } from '@posthorn/shared/delivery/state.ts'
import { inflightAttempts } from '@posthorn/shared/runtime/metrics.ts'
import type { LeaseKeeper } from '../lease/keeper.ts'
import type { Settler } from '../settle/settler.ts'
import type { Slot } from './slots.ts'
import type { Work } from './work.ts'

export interface FlightDeps {
  readonly settler: Settler
  readonly leases: LeaseKeeper
  /** A place of this webhook has become free. */
  readonly onFreed: (webhookId: string) => void
  /** Redis' time. */
  readonly now: () => number
  /** How long a job waits for an attempt before it goes on without it. */
  readonly patienceMs: number
}

/** A lease is renewed until its attempt should have ended, and no longer. */
const LEASE_GRACE_MS = 5_000

/** An attempt in the air, and how it is left behind when it outlasts the patience of its job. */
export class Flight {
  /** Resolves when the attempt has a lease of its own (or its record has moved on without it). */
  readonly left: Promise<void>
  isLeft = false
  #flying = false
  readonly #work: Work
  readonly #slot: Slot
  readonly #deps: FlightDeps
  #resolveLeft: () => void = () => undefined
  #timer: NodeJS.Timeout | undefined
  #leaving: Promise<boolean> | undefined

  constructor(work: Work, slot: Slot, deps: FlightDeps) {
    this.#work = work
    this.#slot = slot
    this.#deps = deps
    this.left = new Promise((resolve) => {
      this.#resolveLeft = resolve
    })
  }

  takeOff(timeoutMs: number): void {
    this.#flying = true
    inflightAttempts.inc()
    this.#timer = setTimeout(() => {
      this.#slot.markSlow()
      // A lane attempt holds neither job nor slot of a queue: its in-flight entry is its lease.
      if (this.#work.holder.kind === 'lane') return
      this.#leaving = this.#leave(timeoutMs)
      // Told by `end()`. Until then nobody listens, and that must not end the process.
      this.#leaving.catch(() => undefined)
    }, this.#deps.patienceMs)
  }

  /** @returns whether the attempt's outcome must keep a lease until it is handed on */
  async end(): Promise<boolean> {
    clearTimeout(this.#timer)
    return this.#leaving ?? false
  }

  land(): void {
    clearTimeout(this.#timer)
    if (this.#flying) inflightAttempts.dec()
    this.#slot.release()
    this.#deps.onFreed(this.#work.ref.webhookId)
    this.#deps.leases.letGo(this.#work.event.queues.shard, leaseMember(leaseOf(this.#work)))
  }

  async #leave(timeoutMs: number): Promise<boolean> {
    const work = this.#work
    const deps = this.#deps
    const { state, event, ref } = work
    const nowMs = Math.round(deps.now())
    deps.leases.hold(
      event.queues.shard,
      leaseMember(leaseOf(work)),
      nowMs + timeoutMs + LEASE_GRACE_MS,
    )
    const to: DeliveryState = { ...state, state: 'l', atMs: nowMs, extra: [] }
    const { round, attempt } = state
    const transition = { webhookId: ref.webhookId, round, attempt, to, guard: 'lease' as const }
    await deps.settler.of(event.queues.shard).settle(event.record, transition)
    this.isLeft = true
    this.#resolveLeft()
    return true
  }
}

const leaseOf = ({ ref, state: { round, attempt } }: Work): Lease => ({ ...ref, round, attempt })
