import type { Shard } from '@posthorn/shared/queue/keys.ts'
import type { QueueSample } from '@posthorn/shared/queue/sample.ts'
import type { RedisWatch } from '@posthorn/shared/runtime/redis-watch.ts'
import type { Consumers } from '../consume/consumers.ts'
import { STUCK_AFTER_MS } from '../consume/standstill.ts'

export interface ProgressDeps {
  readonly consumers: Pick<Consumers, 'onSample' | 'stuck'>
  /** Looks at Redis once a second. */
  readonly watch: Pick<RedisWatch, 'answersInARow'>
  /** When an attempt of this process last ended. */
  readonly attemptsMovedAtMs: () => number
  /** Nothing of a shard can move although this worker is well: Redis takes no outcomes of it, the proxy is away. */
  readonly isHeldUp: (shard: Shard) => boolean
  readonly log: { error(fields: object, message: string): void }
}

const STUCK_SECONDS = STUCK_AFTER_MS / 1_000
/** One look at Redis each second. */
const ANSWERS_OF_A_STANDSTILL = STUCK_SECONDS

/**
 * Whether this worker gets on, for its liveness: a restart helps when jobs wait, Redis answers, and it has
 * moved none of them for two minutes. Nothing else is a reason for one: not that Redis is away or full, nor
 * the proxy, nor a receiver, nor a clock, nor a process that was held up.
 */
export class Progress {
  readonly #deps: ProgressDeps
  #answersAtLook = 0
  #said = ''

  constructor(deps: ProgressDeps) {
    this.#deps = deps
  }

  /** To be called when a look at the queues has ended, `samples` undefined when it failed. */
  looked(samples: readonly QueueSample[] | undefined): void {
    const { consumers, watch, attemptsMovedAtMs, isHeldUp } = this.#deps
    this.#answersAtLook = watch.answersInARow
    if (samples) {
      consumers.onSample(samples, {
        movedAtMs: attemptsMovedAtMs(),
        isHeldUp,
      })
    }
    this.standstills()
  }

  /** What does not get on, in words for an operator; empty when all is well. */
  standstills(): string[] {
    const found = [
      ...this.#deps.consumers
        .stuck()
        .map(
          (queue) =>
            `Jobs of the queue "${queue}" wait and none has moved for ${STUCK_SECONDS} s, although Redis answers`,
        ),
      ...(this.#looksNoMore()
        ? [`The queues have not been looked at for ${STUCK_SECONDS} s, although Redis answers`]
        : []),
    ]
    const all = found.join('; ')
    if (all !== '' && all !== this.#said)
      this.#deps.log.error({ standstills: found }, 'this worker is stuck')
    this.#said = all
    return found
  }

  /** The timers that guard every delivery stand still. */
  #looksNoMore(): boolean {
    const { answersInARow } = this.#deps.watch
    // Redis has been away since that look.
    if (answersInARow < this.#answersAtLook) this.#answersAtLook = 0
    return answersInARow - this.#answersAtLook >= ANSWERS_OF_A_STANDSTILL
  }
}
