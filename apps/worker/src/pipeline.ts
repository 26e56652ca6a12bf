import { randomUUID } from 'node:crypto'
import { EgressError } from '@posthorn/shared/attempt/egress/egress-error.ts'
import { openSender } from '@posthorn/shared/attempt/open.ts'
import { CircuitStore } from '@posthorn/shared/circuit/store.ts'
import { Reopener } from '@posthorn/shared/delivery/reopen.ts'
import type { LaneName } from '@posthorn/shared/lane/entry.ts'
import { Lanes } from '@posthorn/shared/lane/lane.ts'
import { closeQueues, openQueues } from '@posthorn/shared/queue/open.ts'
import { DEAD_LETTERS, DELIVERIES, EVENTS } from '@posthorn/shared/queue/queues.ts'
import { claimShards, shardsOf } from '@posthorn/shared/queue/shards.ts'
import { RedisClock } from '@posthorn/shared/runtime/clock.ts'
import type { WorkerConfig } from '@posthorn/shared/runtime/config.ts'
import type { Log } from '@posthorn/shared/runtime/log.ts'
import type { OutageLog } from '@posthorn/shared/runtime/outage-log.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'
import { RedisWatch } from '@posthorn/shared/runtime/redis-watch.ts'
import type { Shutdown } from '@posthorn/shared/runtime/shutdown.ts'
import { countUnreadable } from '@posthorn/shared/runtime/unreadable.ts'
import { runTaskSlice } from '@posthorn/shared/task/run.ts'
import { startTask } from '@posthorn/shared/task/start.ts'
import { TaskStore } from '@posthorn/shared/task/store.ts'
import type { TaskSpec } from '@posthorn/shared/task/task.ts'
import { WebhookRegistry } from '@posthorn/shared/webhook/registry.ts'
import { WebhookStore } from '@posthorn/shared/webhook/store.ts'
import { Vault } from '@posthorn/shared/webhook/vault.ts'
import { Deliverer } from './attempt/deliverer.ts'
import { Slots } from './attempt/slots.ts'
import { giveUp } from './circuit/give-up.ts'
import { CircuitKeeper } from './circuit/keeper.ts'
import { Consumers } from './consume/consumers.ts'
import { JobLocks } from './consume/locks.ts'
import { processors } from './consume/processors.ts'
import { countMissing } from './fan-out/load.ts'
import { keepHistory } from './history/keeper.ts'
import { Defects } from './lane/defects.ts'
import { LaneDrainer } from './lane/drainer.ts'
import { park } from './lane/park.ts'
import { LeaseKeeper } from './lease/keeper.ts'
import { Ending } from './settle/ending.ts'
import { disableGone } from './settle/gone.ts'
import { HandOffs } from './settle/hand-offs.ts'
import { Settler } from './settle/settler.ts'
import { startResealing } from './system/reseal.ts'
import { startSweeps } from './system/sweeps.ts'

export interface PipelineOptions {
  readonly config: WorkerConfig
  readonly redis: RedisClient
  readonly log: Log
  readonly outages: OutageLog
  readonly shutdown: Shutdown
}

/**
 * The worker, in the order of the flow. What is opened last is closed first: no more jobs are taken,
 * lanes rest, attempts in the air end and are recorded, and only then does the rest go.
 *
 *     events ─▶ fan-out ─▶ attempt ─▶ settle ─▶ wake-up ─▶ attempt …
 *                            │ not ready          │ runs out
 *                            ▼                    ▼
 *                          lane               dead letter
 *
 * @throws what Redis answers, and when the shards are configured otherwise than Redis has them
 */
export async function startPipeline({ config, redis, log, outages, shutdown }: PipelineOptions) {
  const onError = (error: unknown) => {
    // The sender has said it once, and each attempt is counted.
    if (error instanceof EgressError) return
    if (!outages.note(error)) log.error({ err: error }, 'worker')
  }
  const { namespace, deadLetterRetentionMs } = config

  const shards = shardsOf(namespace, config.shards)
  await claimShards(redis, namespace, shards)
  const clock = new RedisClock(redis)
  await clock.start()
  const watch = new RedisWatch({ redis, checks: config.redisChecks, log, outages })
  await watch.start()
  shutdown.onClose('clock', () => {
    clock.stop()
    watch.stop()
  })
  const now = () => clock.now()
  const queues = openQueues(redis, shards)
  shutdown.onClose('queues', () => closeQueues(queues))

  const onUnreadable = countUnreadable(log)
  const vault = new Vault(config.encryptionKeys)
  const registry = new WebhookRegistry({
    redis,
    namespace,
    vault,
    defaults: { retryPolicy: config.retryPolicy, timeoutMs: config.attemptTimeoutMs },
    onUnreadable,
  })
  const reopener = new Reopener({ redis, shards, queues, now, deadLetterRetentionMs })
  // Webhooks of one origin share its connections, and one that hangs keeps its own: as many as attempts,
  // those that count apart included.
  const maxConnectionsPerOrigin = 2 * config.maxInFlight
  const sender = openSender(config, { now, log, maxConnectionsPerOrigin })
  shutdown.onClose('sender', () => sender.close())

  const store = new TaskStore({ redis, namespace, now, retentionMs: config.retentionMs })
  const tasks = { redis, store, queues }
  const history = { redis, namespace, shards }
  const taskDeps = { store, now, history, actions: reopener, webhooks: registry }
  const runTask = (id: string) => runTaskSlice(taskDeps, id)
  const lanes = new Lanes(redis, namespace)
  const slots = new Slots({ total: config.maxInFlight, perWebhook: config.maxInFlightPerWebhook })
  const settler = new Settler({ redis, retentionMs: config.retentionMs, onError })
  const webhooks = new WebhookStore(redis, namespace)
  const disabling = {
    webhooks,
    startTask: (task: TaskSpec) => startTask(tasks, task),
    now,
    log,
  }
  const onGone = disableGone(disabling)
  const circuits = new CircuitKeeper({
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
    giveUp: giveUp(disabling),
    log,
    onError,
  })
  const handOffs = new HandOffs({ now, deadLetterRetentionMs, onGone })
  const ending = new Ending({ redis, settler, handOffs, now })
  const leases = new LeaseKeeper(redis, now)
  leases.start()
  const deliverer = new Deliverer({
    sender,
    slots,
    settler,
    ending,
    leases,
    circuits,
    park: async (work, wake) => {
      await park({ lanes, settler, now }, work)
      if (wake) drainer.wake(work.ref)
    },
    webhookNow: async ({ tenant, webhookId }) => (await registry.current(tenant)).get(webhookId),
    onFreed: (webhookId) => drainer.slotFreed(webhookId),
    now,
    patienceMs: config.patienceMs,
    onError,
  })
  shutdown.onClose('attempts', async () => {
    await deliverer.whenIdle()
    await settler.whenIdle()
    leases.stop()
  })

  const onMissing = countMissing(log, onUnreadable)
  const wakeLane = (lane: LaneName) => drainer.wake(lane)
  const flow = { redis, registry, deliverer, handOffs, now, onMissing, wakeLane }
  const defects = new Defects(log)
  const drainer: LaneDrainer = new LaneDrainer({
    ...flow,
    lanes,
    slots,
    circuits,
    defects,
    queues,
    onError,
  })
  drainer.start()
  shutdown.onClose('lanes', () => drainer.stop())

  const locks = new JobLocks()
  const consumers = new Consumers(
    {
      redis,
      locks,
      concurrency: {
        [EVENTS]: config.eventConcurrency,
        [DELIVERIES]: config.wakeUpConcurrency,
        [DEAD_LETTERS]: DEAD_LETTERS_AT_ONCE,
      },
      processorsOf: (of) => processors({ ...flow, locks, reopener, runTask }, of),
      now,
      log,
      outages,
    },
    queues,
  )
  consumers.start()
  shutdown.onClose('consumers', () => consumers.stop())

  const workerId = randomUUID()
  const histories = shards.map((shard) =>
    keepHistory(
      {
        redis,
        owner: workerId,
        retentionMs: config.retentionMs,
        maxBytes: config.historyMaxBytes,
        shards: shards.length,
        now,
        onError,
        onUnreadable,
      },
      shard,
    ),
  )
  shutdown.onClose('history', async () => {
    await Promise.all(histories.map((history) => history.stop()))
  })
  const sweeps = startSweeps({
    ...flow,
    namespace,
    queues,
    clock,
    drainer,
    circuits,
    consumers,
    slots,
    tasks,
    workerId,
    onError,
    onUnreadable,
  })
  shutdown.onClose('sweeps', () => sweeps.stop())
  const resealing = startResealing({ webhooks, vault, now, log, onError })
  shutdown.onClose('resealing', () => resealing.stop())
  return {
    notReady: () => [
      ...watch.reasons(),
      ...sweeps.reasons(),
      ...(settler.writable ? [] : ['Outcomes cannot be recorded; nothing new is sent']),
      ...(sender.isOpen ? [] : ['The egress proxy cannot be reached; nothing is sent']),
      ...(shutdown.signal.aborted ? ['Shutting down'] : []),
    ],
    /** What an operator should know of although this worker does its work. */
    warnings: () => [...watch.warnings(), ...defects.warnings()],
  }
}

const DEAD_LETTERS_AT_ONCE = 10
