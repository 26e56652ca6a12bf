import { buildRequest } from '@posthorn/shared/attempt/request.ts'
import type { AttemptResult } from '@posthorn/shared/attempt/result.ts'
import type { Sender } from '@posthorn/shared/attempt/sender.ts'
import type { DeliveryRef } from '@posthorn/shared/delivery/id.ts'
import { deliveryId } from '@posthorn/shared/delivery/id.ts'
import { verdict } from '@posthorn/shared/retry/verdict.ts'
import type { Span, Tracing } from '@posthorn/shared/trace/tracing.ts'
import type { CompiledWebhook } from '@posthorn/shared/webhook/webhook.ts'
import type { CircuitKeeper } from '../circuit/keeper.ts'
import type { Ending } from '../settle/ending.ts'
import { transitionOf } from '../settle/outcome.ts'
import { countEgressFault } from './egress-fault.ts'
import { Flight, type FlightDeps } from './flight.ts'
import type { Slot, Slots } from './slots.ts'
import { beginAttempt } from './span.ts'
import { guardOf, HoldLostError, readiness, type Work } from './work.ts'

export interface DelivererDeps extends FlightDeps {
  readonly sender: Sender
  readonly slots: Slots
  readonly ending: Ending
  /** Absent: no traces are wanted. */
  readonly tracing?: Tracing | undefined
  readonly circuits: Pick<CircuitKeeper, 'isOpen' | 'observe'>
  /** `wake`: the webhook may be ready for it, so its lane is to be looked at. */
  readonly park: (work: Work, wake: boolean) => Promise<void>
  /** The webhook's current settings; undefined when it has been deleted. */
  readonly webhookNow: (ref: DeliveryRef) => Promise<CompiledWebhook | undefined>
  readonly onError: (error: unknown) => void
}

/** Whoever waited longer for a place in the air looks at its webhook again. */
const SETTINGS_LAST_MS = 1_000

/**
 * One delivery that is due, from the look at its webhook to the recorded and handed-on outcome:
 *
 *     ready? ── paused, unusable, limited, at its cap, circuit open ──▶ parked
 *       │  ╲─── disabled ──▶ dead    ╲─── deleted ──▶ cancelled
 *       ▼
 *     in the air ── ended ──▶ delivered | retry | dead
 *       │ patience ends
 *       ▼
 *     leased: its job goes on without it ── ended ──▶ the same
 */
export class Deliverer {
  readonly #deps: DelivererDeps
  readonly #flights = new Set<Promise<void>>()

  constructor(deps: DelivererDeps) {
    this.#deps = deps
  }

  /** Resolves when no attempt is in the air and each outcome is recorded and handed on. */
  async whenIdle(): Promise<void> {
    while (this.#flights.size > 0) await Promise.allSettled(this.#flights)
  }

  /**
   * Resolves when the holder may let go: the delivery has ended, waits for its retry, or has a lease or
   * a lane entry of its own. Rejects only for faults of ours; then the holder's job runs again.
   */
  async deliver(work: Work): Promise<void> {
    const { webhook } = work
    const is = readiness(webhook, this.#deps.now())
    const isOfLane = work.holder.kind === 'lane'
    if (is === 'paused' || is === 'unusable') return this.#park(work, false)
    if (!webhook || is === 'disabled' || is === 'deleted') {
      return this.#deps.ending.endUnsent(work, is === 'disabled' ? 'disabled' : 'cancelled')
    }
    const mustQueue = is === 'limited' || this.#deps.circuits.isOpen(webhook)
    if (mustQueue && !isOfLane) return this.#park(work, true)
    const patience = isOfLane ? undefined : this.#deps.patienceMs
    const askedAt = performance.now()
    const outcomes = this.#deps.settler.of(work.event.queues.shard)
    // What may not be sent takes no place in the air from the other shards.
    if (!outcomes.writable) await outcomes.whenWritable()
    const slot = await this.#deps.slots.acquire(work.ref.webhookId, patience)
    if (!slot) return this.#park(work, true)
    if (performance.now() - askedAt > SETTINGS_LAST_MS) {
      const current = await this.#currentOrRelease(work, slot)
      if (current !== webhook) {
        slot.release()
        return this.deliver({ ...work, webhook: current })
      }
    }
    await this.#attempt(work, webhook, slot)
  }

  /** Whoever lost its hold while it waited must not park what somebody else may have in the air. */
  async #park(work: Work, wake: boolean): Promise<void> {
    if (work.holder.kind !== 'lane' && !work.holder.isHeld()) {
      throw new HoldLostError('the hold ended before it was parked')
    }
    await this.#deps.park(work, wake)
  }

  async #currentOrRelease({ ref }: Work, slot: Slot): Promise<CompiledWebhook | undefined> {
    try {
      return await this.#deps.webhookNow(ref)
    } catch (error) {
      slot.release()
      throw error
    }
  }

  async #attempt(work: Work, webhook: CompiledWebhook, slot: Slot): Promise<void> {
    const flight = new Flight(work, slot, this.#deps)
    const ended = this.#send(work, webhook, flight).finally(() => {
      flight.land()
      this.#flights.delete(ended)
    })
    this.#flights.add(ended)
    await Promise.race([ended, flight.left])
    // Nobody waits any more for an attempt that was left: its lease brings it back.
    if (flight.isLeft) ended.catch(this.#deps.onError)
  }

  async #send(work: Work, webhook: CompiledWebhook, flight: Flight): Promise<void> {
    const { settler, sender, tracing, now } = this.#deps
    const outcomes = settler.of(work.event.queues.shard)
    if (!outcomes.writable) await outcomes.whenWritable()
    if (!sender.isOpen) await sender.whenOpen()
    if (!work.holder.isHeld()) throw new HoldLostError('the hold ended before the attempt began')
    if (work.holder.mayBegin) {
      if (!(await work.holder.mayBegin())) return
      if (!work.holder.isHeld()) throw new HoldLostError('the hold ended while it was confirmed')
    }
    if (work.holder.runsAgain) {
      const { applied, standing } = await flight.lease(webhook.timeoutMs)
      if (!applied) return await this.#deps.ending.handOnStanding(work, standing)
    }
    const id = deliveryId(work.ref)
    const span = beginAttempt(tracing, work, webhook)
    const { headers, body } = buildRequest({
      event: work.event.record,
      standardBody: work.event.body,
      deliveryId: id,
      number: work.state.made + 1,
      webhook,
      nowMs: now(),
      traceparent: webhook.config.propagateTrace ? span?.traceparent : undefined,
    })
    flight.takeOff(webhook.timeoutMs)
    const mayStart = () => flight.isHeld
    const request = { url: webhook.url, headers, body, timeoutMs: webhook.timeoutMs, mayStart }
    const result = await sender.send(request).catch(countEgressFault)
    await this.#settle(work, webhook, flight, { id, headers, result, span })
  }

  async #settle(
    work: Work,
    webhook: CompiledWebhook,
    flight: Flight,
    made: { id: string; headers: string[]; result: AttemptResult; span: Span | undefined },
  ): Promise<void> {
    const endedMs = this.#deps.now()
    const leased = await flight.end()
    const judged = verdict({
      result: made.result,
      attempt: work.state.attempt,
      policy: webhook.retryPolicy,
      nowMs: endedMs,
      random: Math.random(),
      isFinal: work.holder.trial === 'final',
    })
    const { transition, recent } = transitionOf({
      webhookId: work.ref.webhookId,
      deliveryId: made.id,
      state: work.state,
      result: made.result,
      verdict: judged,
      endedMs,
      guard: leased ? 'lease' : guardOf(work.holder),
      requestHeaders: made.headers,
    })
    const { event } = work
    const applied = await this.#deps.settler
      .of(event.queues.shard)
      .settle(event.record, transition, recent)
    await this.#deps.ending.afterAttempt({
      work,
      result: made.result,
      transition,
      applied,
      endedMs,
      span: made.span,
    })
    await this.#deps.circuits.observe(work, webhook, made.result)
  }
}
