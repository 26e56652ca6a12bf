import { randomUUID } from 'node:crypto'
import { Reopener } from '@posthorn/shared/delivery/reopen.ts'
import { DEAD_LETTERS, DELIVERIES, EVENTS } from '@posthorn/shared/queue/queues.ts'
import { runTaskSlice } from '@posthorn/shared/task/run.ts'
import { startTask } from '@posthorn/shared/task/start.ts'
import { TaskStore } from '@posthorn/shared/task/store.ts'
import { type Attempts, openAttempts } from './attempt/open.ts'
import { Consumers } from './consume/consumers.ts'
import { JobLocks } from './consume/locks.ts'
import { NewerJobs } from './consume/newer-jobs.ts'
import { processors } from './consume/processors.ts'
import { WakePace } from './consume/wake-pace.ts'
import { countMissing } from './fan-out/load.ts'
import { keepHistory } from './history/keeper.ts'
import { Defects } from './lane/defects.ts'
import { LaneDrainer } from './lane/drainer.ts'
import { lineUpAgain, parkAgain, recordParked } from './lane/park.ts'
import { type Ground, openGround, type PipelineOptions } from './system/ground.ts'
import { Progress } from './system/progress.ts'
import { startResealing } from './system/reseal.ts'
import { startSweeps } from './system/sweeps.ts'

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
export async function startPipeline(options: PipelineOptions) {
  const ground = await openGround(options)
  const { shutdown, watch } = ground
  const tasks = openTasks(ground)
  const attempts = openAttempts(ground, {
    wakeLane: (lane) => drainer.wake(lane),
    slotFreed: (webhookId) => drainer.slotFreed(webhookId),
    startTask: (task) => startTask(tasks.starting, task),
  })
  const defects = new Defects(ground.log)
  const flow = flowOf(ground, attempts, (lane) => drainer.wake(lane))
  const drainer: LaneDrainer = startLanes(ground, attempts, flow, defects)
  const newerJobs = new NewerJobs(ground.log)
  const consumers = startConsumers(ground, flow, tasks, newerJobs)
  const progress = watchProgress(ground, attempts, consumers)
  const workerId = randomUUID()
  startHistory(ground, workerId)
  const sweeps = startSweeps({
    ...ground,
    ...attempts,
    ...flow,
    drainer,
    consumers,
    progress,
    tasks: tasks.starting,
    workerId,
  })
  shutdown.onClose('sweeps', () => sweeps.stop())
  const resealing = startResealing(ground)
  shutdown.onClose('resealing', () => resealing.stop())
  return {
    /** Why only a restart helps. One that ends is on its way anyhow. */
    stuck: () => (shutdown.signal.aborted ? [] : progress.standstills()),
    notReady: () => [
      ...watch.reasons(),
      ...sweeps.reasons(),
      ...attempts.settler.unwritable.map(
        ({ tag }) => `Outcomes of shard ${tag} cannot be recorded; nothing new of it is sent`,
      ),
      ...(attempts.sender.isOpen ? [] : ['The egress proxy cannot be reached; nothing is sent']),
      ...(shutdown.signal.aborted ? ['Shutting down'] : []),
    ],
    /** What an operator should know of although this worker does its work. */
    warnings: () => [...watch.warnings(), ...defects.warnings(), ...newerJobs.warnings()],
  }
}

function openTasks({ config, redis, namespace, now, shards, queues, registry }: Ground) {
  const { deadLetterRetentionMs, retentionMs } = config
  const store = new TaskStore({ redis, namespace, now, retentionMs })
  const reopener = new Reopener({ redis, shards, queues, now, deadLetterRetentionMs })
  const history = { redis, shards }
  const running = { store, now, history, actions: reopener, webhooks: registry }
  return {
    starting: { redis, store, queues },
    reopener,
    runTask: (id: string) => runTaskSlice(running, id),
  }
}

type Flow = ReturnType<typeof flowOf>

/** What the way of a delivery needs, wherever it begins: a batch, a wake-up, a lane, a sweep. */
function flowOf(
  { redis, registry, now, tracing, log, onUnreadable }: Ground,
  { deliverer, handOffs, lanes }: Attempts,
  wakeLane: LaneDrainer['wake'],
) {
  const onMissing = countMissing(log, onUnreadable)
  const again = { parkAgain: parkAgain(lanes), lineUpAgain: lineUpAgain(lanes) }
  return { redis, registry, deliverer, handOffs, ...again, now, tracing, onMissing, wakeLane }
}

function startLanes(ground: Ground, attempts: Attempts, flow: Flow, defects: Defects) {
  const { queues, recent, onError, shutdown, now } = ground
  const { lanes, slots, circuits, settler } = attempts
  const looks = { lanes, slots, circuits, defects, queues, recent, onError }
  const parked = { recordParked: recordParked({ settler, now }) }
  const drainer = new LaneDrainer({ ...flow, ...looks, ...parked })
  drainer.start()
  shutdown.onClose('lanes', () => drainer.stop())
  return drainer
}

const DEAD_LETTERS_AT_ONCE = 10

function startConsumers(
  ground: Ground,
  flow: Flow,
  tasks: ReturnType<typeof openTasks>,
  newerJobs: NewerJobs,
) {
  const { config, redis, now, recent, log, outages, queues, shutdown } = ground
  const { reopener, runTask } = tasks
  const locks = new JobLocks()
  const pace = new WakePace()
  const concurrency = {
    [EVENTS]: config.eventConcurrency,
    [DELIVERIES]: config.wakeUpConcurrency,
    [DEAD_LETTERS]: DEAD_LETTERS_AT_ONCE,
  }
  const processorsOf = (of: Parameters<typeof processors>[1]) =>
    processors({ ...flow, locks, newerJobs, reopener, runTask }, of)
  const consumers = new Consumers(
    { redis, locks, pace, recent, concurrency, processorsOf, now, log, outages },
    queues,
  )
  consumers.start()
  shutdown.onClose('consumers', () => consumers.stop())
  return consumers
}

function watchProgress(
  { watch, log }: Ground,
  { slots, settler, sender }: Attempts,
  consumers: Consumers,
): Progress {
  return new Progress({
    consumers,
    watch,
    attemptsMovedAtMs: () => slots.movedAtMs,
    isHeldUp: (shard) => !settler.of(shard).writable || !sender.isOpen,
    log,
  })
}

function startHistory(ground: Ground, owner: string): void {
  const { config, redis, shards, now, onError, onUnreadable, shutdown } = ground
  const histories = shards.map((shard) =>
    keepHistory(
      {
        redis,
        owner,
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
}
