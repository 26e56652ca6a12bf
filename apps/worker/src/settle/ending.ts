import type { AttemptResult } from '@posthorn/shared/attempt/result.ts'
import { deadLetterJobId, deliveryId } from '@posthorn/shared/delivery/id.ts'
import { releaseLease } from '@posthorn/shared/delivery/lease.ts'
import type { DeliveryState } from '@posthorn/shared/delivery/state.ts'
import type { Applied, Transition } from '@posthorn/shared/delivery/transition.ts'
import { deliveries } from '@posthorn/shared/runtime/metrics.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'
import type { Span } from '@posthorn/shared/trace/tracing.ts'
import { guardOf, type Work } from '../attempt/work.ts'
import type { HandOffs } from './hand-offs.ts'
import type { AttemptLog } from './log-attempt.ts'
import { reportAttempt } from './report.ts'
import type { Settler } from './settler.ts'

export interface EndingDeps {
  readonly redis: RedisClient
  readonly settler: Settler
  readonly handOffs: HandOffs
  /** Redis' time. */
  readonly now: () => number
  readonly log: AttemptLog
}

export interface AttemptEnd {
  readonly work: Work
  readonly result: AttemptResult
  readonly transition: Transition
  readonly applied: Applied
  readonly endedMs: number
  /** When the attempt belongs to a trace. */
  readonly span?: Span | undefined
}

/**
 * What follows a recorded outcome: its hand-off (the wake-up of a retry, a dead letter), then the end
 * of what guarded it, and what is counted. The order is always record, hand-off, release.
 */
export class Ending {
  readonly #deps: EndingDeps

  constructor(deps: EndingDeps) {
    this.#deps = deps
  }

  async afterAttempt(end: AttemptEnd): Promise<void> {
    const { work, transition, applied, endedMs } = end
    reportAttempt(end, this.#deps.log)
    if (!applied.applied) return await this.#leaveRefused(work, applied, endedMs)
    await this.#handOn(work, transition)
    if (applied.previous?.state === 'x') {
      const id = deadLetterJobId(deliveryId(work.ref), applied.previous.round)
      await work.event.queues.deadLetters.remove(id)
    }
  }

  /** Ends a delivery that is due but whose webhook takes none any more. */
  async endUnsent(work: Work, as: 'disabled' | 'cancelled'): Promise<void> {
    const { state, event, ref, holder } = work
    const to: DeliveryState = {
      ...state,
      state: as === 'disabled' ? 'x' : 'c',
      atMs: Math.round(this.#deps.now()),
      extra: as === 'disabled' ? ['disabled'] : [],
    }
    const transition: Transition = {
      webhookId: ref.webhookId,
      round: state.round,
      attempt: state.attempt,
      to,
      guard: guardOf(holder),
      log: as === 'disabled' ? { reason: 'disabled' } : {},
    }
    const applied = await this.#deps.settler.of(event.queues.shard).settle(event.record, transition)
    if (!applied.applied) return await this.#leaveRefused(work, applied, to.atMs)
    if (applied.fresh) deliveries.inc({ result: as === 'disabled' ? 'dead' : 'cancelled' })
    await this.#handOn(work, transition)
  }

  /**
   * Hands on what another has recorded since the look at the record: it may have been killed before it did,
   * and the job that would repeat it is this one.
   */
  async handOnStanding({ event, ref }: Work, standing: DeliveryState | undefined): Promise<void> {
    if (standing?.state !== 'r' && standing?.state !== 'x') return
    await this.#deps.handOffs.again(event.queues, ref, standing)
  }

  /** The record has moved on (a retry by hand, a cancel, another run of the same job). */
  async #leaveRefused(work: Work, { standing }: Applied, nowMs: number): Promise<void> {
    if (work.holder.stay) return work.holder.stay(nowMs)
    await this.handOnStanding(work, standing)
  }

  async #handOn({ ref, event, holder }: Work, { to, guard }: Transition): Promise<void> {
    const { queues } = event
    if (to.state === 'r' && holder.stay) return holder.stay(to.atMs)
    if (to.state === 'r') await this.#deps.handOffs.wakeUp(queues, ref, to, to.atMs)
    else if (to.state === 'x') await this.#deps.handOffs.deadLetter(queues, ref, to)
    else return
    if (guard !== 'lease') return
    await releaseLease(this.#deps.redis, queues.shard, ref, to)
  }
}
