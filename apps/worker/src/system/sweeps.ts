import { sweepAccepting } from '@posthorn/shared/event/accepting.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import { MAX_SKEW_MS, type RedisClock } from '@posthorn/shared/runtime/clock.ts'
import { periodic } from '@posthorn/shared/runtime/periodic.ts'
import type { OnUnreadable } from '@posthorn/shared/runtime/unreadable.ts'
import { SAMPLE_EVERY_MS, sampleGauges } from '@posthorn/shared/system/gauges.ts'
import { beat, endBeat } from '@posthorn/shared/system/worker-beat.ts'
import { type StartDeps, sweepTasks } from '@posthorn/shared/task/start.ts'
import type { Slots } from '../attempt/slots.ts'
import type { CircuitKeeper } from '../circuit/keeper.ts'
import type { Consumers } from '../consume/consumers.ts'
import type { LaneDrainer } from '../lane/drainer.ts'
import { type SweepDeps, sweepLeases } from '../lease/sweep.ts'
import type { Progress } from './progress.ts'
import { SignOfLife } from './sign-of-life.ts'

const SWEEP_EVERY_MS = 1_000
const CIRCUITS_EVERY_MS = 1_000
const SWEEP_ACCEPTING_EVERY_MS = 5_000

export interface SweepsDeps extends SweepDeps {
  readonly namespace: string
  readonly queues: readonly ShardQueues[]
  readonly clock: RedisClock
  readonly drainer: LaneDrainer
  readonly circuits: CircuitKeeper
  readonly consumers: Consumers
  readonly progress: Progress
  readonly slots: Slots
  readonly tasks: StartDeps
  readonly workerId: string
  readonly onError: (error: unknown) => void
  readonly onUnreadable: OnUnreadable
}

/**
 * What every worker does by the clock, not by jobs, so that no lost job can stop it: expired leases,
 * lanes that are ready, circuits, publishes that broke off, a look at the queues, a sign of life.
 */
export function startSweeps(deps: SweepsDeps) {
  const { redis, namespace, queues, clock, onError } = deps
  const life = new SignOfLife(deps)
  let reasons: string[] = []

  /** One that fails must not keep the others from their turn. */
  const sweepOnce = async () => {
    for (const shardQueues of queues) await sweepLeases(deps, shardQueues).catch(onError)
    await deps.drainer.sweep().catch(onError)
    await sweepTasks(deps.tasks)
  }
  const sampleOnce = async () => {
    reasons = clockReasons(clock)
    deps.consumers.setPaused(reasons.length > 0)
    const shards = queues.map(({ shard }) => shard)
    const samples = await sampleGauges(redis, namespace, shards, clock.now()).catch(onError)
    deps.progress.looked(samples ?? undefined)
    if (!samples) return
    await beat(redis, namespace, life.next())
  }
  const sweepBrokenOff = async () => {
    for (const shardQueues of queues) await sweepAccepting(deps, shardQueues)
  }
  const running = [
    periodic(SWEEP_EVERY_MS, sweepOnce, onError),
    periodic(CIRCUITS_EVERY_MS, () => deps.circuits.turn(), onError),
    periodic(SWEEP_ACCEPTING_EVERY_MS, sweepBrokenOff, onError),
    periodic(SAMPLE_EVERY_MS, sampleOnce, onError),
  ]
  return {
    /** Why this worker takes no deliveries; empty when it does. */
    reasons: () => reasons,
    async stop() {
      await Promise.all(running.map((one) => one.stop()))
      life.stop()
      await endBeat(redis, namespace, deps.workerId)
    },
  }
}

/** Rule 10: a clock that is off would run retries early, and leases too. */
function clockReasons({ skewMs }: RedisClock): string[] {
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return []
  const seconds = (Math.abs(skewMs) / 1_000).toFixed(1)
  const direction = skewMs > 0 ? 'behind' : 'ahead of'
  return [`This machine's clock is ${seconds} s ${direction} Redis'; no deliveries are taken`]
}
