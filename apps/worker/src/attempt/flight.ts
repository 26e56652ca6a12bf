import { leaseMember } from '@posthorn/shared/delivery/lease.ts'
import type { DeliveryState } from '@posthorn/shared/delivery/state.ts'
import { type Applied, LEASE_MS } from '@posthorn/shared/delivery/transition.ts'
import type { Shard } from '@posthorn/shared/queue/keys.ts'
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
  /** Resolves when its job may go on without it: it has a lease, or its record has moved on. */
  readonly left: Promise<void>
  isLeft = false
  #flying = false
  readonly #work: Work
  readonly #slot: Slot
  readonly #deps: FlightDeps
  #resolveLeft: () => void = () => undefined
  #timer: NodeJS.Timeout | undefined
  #leaving: Promise<void> | undefined
  #isLeased = false

  constructor(work: Work, slot: Slot, deps: FlightDeps) {
    this.#work = work
    this.#slot = slot
    this.#deps = deps
    this.left = new Promise((resolve) => {
      this.#resolveLeft = resolve
    })
  }

  /**
   * Gives the delivery its lease before anything of it is sent.
   * @returns whether it may be sent, and if another has it, what stands in the record
   */
  async lease(timeoutMs: number): Promise<Pick<Applied, 'applied' | 'standing'>> {
    const askedAt = performance.now()
    const { applied, standing } = await this.#record()
    if (!applied) return { applied, standing }
    // The answer came so late that the lease may be over before it is renewed: whoever finds it then sends.
    if (performance.now() - askedAt > LEASE_MS / 2) return { applied: false }
    this.#hold(timeoutMs)
    return { applied }
  }

  /** False when another may have been given the delivery by now, because this process stood still. */
  get isHeld(): boolean {
    if (this.#isLeased) return this.#deps.leases.keeps(this.#shard, this.#member)
    return this.#work.holder.isHeld()
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
    await this.#leaving
    return this.#isLeased
  }

  land(): void {
    clearTimeout(this.#timer)
    if (this.#flying) inflightAttempts.dec()
    this.#slot.release()
    this.#deps.onFreed(this.#work.ref.webhookId)
    if (this.#isLeased) this.#deps.leases.letGo(this.#shard, this.#member)
  }

  async #leave(timeoutMs: number): Promise<void> {
    if (!this.#isLeased) this.#hold(timeoutMs)
    // Once more if it was leased before it was sent: a Redis that started anew may have forgotten that.
    await this.#record()
    this.isLeft = true
    this.#resolveLeft()
  }

  #record(): Promise<Applied> {
    const { state, event, ref } = this.#work
    const to: DeliveryState = {
      ...state,
      state: 'l',
      atMs: Math.round(this.#deps.now()),
      extra: [],
    }
    const { round, attempt } = state
    const transition = { webhookId: ref.webhookId, round, attempt, to, guard: 'lease' as const }
    return this.#deps.settler.of(this.#shard).settle(event.record, transition)
  }

  #hold(timeoutMs: number): void {
    this.#isLeased = true
    const untilMs = this.#deps.now() + timeoutMs + LEASE_GRACE_MS
    this.#deps.leases.hold(this.#shard, this.#member, untilMs)
  }

  get #shard(): Shard {
    return this.#work.event.queues.shard
  }

  get #member(): string {
    const { ref, state } = this.#work
    return leaseMember({ ...ref, round: state.round, attempt: state.attempt })
  }
}
