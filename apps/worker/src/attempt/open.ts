import { openSender } from '@posthorn/shared/attempt/open.ts'
import { CircuitStore } from '@posthorn/shared/circuit/store.ts'
import type { LaneName } from '@posthorn/shared/lane/entry.ts'
import { Lanes } from '@posthorn/shared/lane/lane.ts'
import type { TaskSpec } from '@posthorn/shared/task/task.ts'
import { giveUp } from '../circuit/give-up.ts'
import { CircuitKeeper } from '../circuit/keeper.ts'
import { park } from '../lane/park.ts'
import { LeaseKeeper } from '../lease/keeper.ts'
import { Ending } from '../settle/ending.ts'
import { disableGone } from '../settle/gone.ts'
import { HandOffs } from '../settle/hand-offs.ts'
import { Settler } from '../settle/settler.ts'
import type { Ground } from '../system/ground.ts'
import { Deliverer } from './deliverer.ts'
import { Slots } from './slots.ts'

/** Whom attempts tell that a lane may be looked at, and who starts what a failing webhook needs. */
interface Neighbours {
  readonly wakeLane: (lane: LaneName) => void
  readonly slotFreed: (webhookId: string) => void
  readonly startTask: (task: TaskSpec) => Promise<unknown>
}

export type Attempts = ReturnType<typeof openAttempts>

/** Attempts and what follows them: the sender and its caps, circuits, outcomes, hand-offs, leases. */
export function openAttempts(ground: Ground, { wakeLane, slotFreed, startTask }: Neighbours) {
  const { config, redis, namespace, registry, now, log, onError, shutdown } = ground
  // Webhooks of one origin share its connections, and one that hangs keeps its own: as many as attempts,
  // those that count apart included.
  const maxConnectionsPerOrigin = 2 * config.maxInFlight
  const sender = openSender(config, { now, log, maxConnectionsPerOrigin })
  shutdown.onClose('sender', () => sender.close())

  const lanes = new Lanes(redis, namespace)
  const slots = new Slots({ total: config.maxInFlight, perWebhook: config.maxInFlightPerWebhook })
  const settler = new Settler({ redis, retentionMs: config.retentionMs, onError })
  const disabling = { webhooks: ground.webhooks, startTask, now, log }
  const circuits = openCircuits(ground, giveUp(disabling))
  const onGone = disableGone(disabling)
  const handOffs = new HandOffs({
    now,
    deadLetterRetentionMs: config.deadLetterRetentionMs,
    onGone,
  })
  const leases = new LeaseKeeper(redis, now)
  leases.start()
  const deliverer = new Deliverer({
    sender,
    slots,
    settler,
    ending: new Ending({ redis, settler, handOffs, now, log }),
    tracing: ground.tracing,
    leases,
    circuits,
    park: async (work, wake) => {
      await park({ lanes, settler, now }, work)
      if (wake) wakeLane(work.ref)
    },
    webhookNow: async ({ tenant, webhookId }) => (await registry.current(tenant)).get(webhookId),
    onFreed: slotFreed,
    now,
    patienceMs: config.patienceMs,
    onError,
  })
  shutdown.onClose('attempts', async () => {
    await deliverer.whenIdle()
    await settler.whenIdle()
    leases.stop()
  })
  return { sender, lanes, slots, settler, circuits, handOffs, deliverer }
}

function openCircuits(ground: Ground, onHopeless: ReturnType<typeof giveUp>): CircuitKeeper {
  const { config, redis, namespace, registry, now, log, onError } = ground
  return new CircuitKeeper({
    store: new CircuitStore(redis, namespace),
    registry,
    defaults: {
      enabled: config.circuitEnabled,
      failures: config.circuitFailures,
      probeMs: config.circuitProbeMs,
      maxProbeMs: Math.max(config.circuitProbeMs, config.circuitMaxProbeMs),
    },
    giveUpMs: config.autoDisableAfterMs,
    now,
    giveUp: onHopeless,
    log,
    onError,
  })
}
