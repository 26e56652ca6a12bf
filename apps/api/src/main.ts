import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openSender } from '@posthorn/shared/attempt/open.ts'
import { Confirmer } from '@posthorn/shared/event/confirm.ts'
import { closeQueues, openQueues } from '@posthorn/shared/queue/open.ts'
import { claimShards, ShardMismatchError, shardsOf } from '@posthorn/shared/queue/shards.ts'
import { RedisClock } from '@posthorn/shared/runtime/clock.ts'
import { configOrExit, parseApiConfig, redactedConfig } from '@posthorn/shared/runtime/config.ts'
import { listen } from '@posthorn/shared/runtime/listen.ts'
import { createLogger } from '@posthorn/shared/runtime/log.ts'
import { logOutput } from '@posthorn/shared/runtime/log-output.ts'
import { startProcessMetrics } from '@posthorn/shared/runtime/metrics.ts'
import { OutageLog } from '@posthorn/shared/runtime/outage-log.ts'
import { periodic } from '@posthorn/shared/runtime/periodic.ts'
import { connectRedis, type RedisClient } from '@posthorn/shared/runtime/redis.ts'
import { RedisWatch } from '@posthorn/shared/runtime/redis-watch.ts'
import { installShutdown } from '@posthorn/shared/runtime/shutdown.ts'
import { collectStartGarbage } from '@posthorn/shared/runtime/start-garbage.ts'
import { SAMPLE_EVERY_MS, sampleGauges } from '@posthorn/shared/system/gauges.ts'
import { openTracing } from '@posthorn/shared/trace/open.ts'
import { createApp } from './app.ts'
import { createHttpServer } from './http/server.ts'

const TRY_AGAIN_MS = 500
const CLOSE_IDLE_EVERY_MS = 50

const config = configOrExit(parseApiConfig)
const log = createLogger('api', config, await logOutput(process.stdout.isTTY))
const shutdown = installShutdown({ log, timeoutMs: config.shutdownTimeoutMs })
startProcessMetrics('api')
log.info({ config: redactedConfig(config) }, 'API starting')

const redis = connectRedis(config.redisUrl, 'producer')
const outages = new OutageLog({ log })
redis.on('error', (error: Error) => {
  if (!outages.note(error)) log.warn({ err: error }, 'Redis connection')
})
shutdown.onClose('redis', () => redis.disconnect())
const shards = shardsOf(config.namespace, config.shards)
const queues = openQueues(redis, shards)
shutdown.onClose('queues', () => closeQueues(queues))
const clock = new RedisClock(redis)
const tracing = await openTracing({
  service: 'api',
  env: process.env,
  now: () => clock.now(),
  log,
})
shutdown.onClose('traces', () => tracing?.stop())
const watch = new RedisWatch({
  redis,
  checks: config.redisChecks,
  durability: config.durability,
  fsyncSaid: config.redisFsync,
  log,
  outages,
})
shutdown.onClose('clock', () => {
  clock.stop()
  watch.stop()
})
const sender = openSender(config, { now: () => clock.now(), log })
shutdown.onClose('sender', () => sender.close())
let started = false

const app = createApp({
  config,
  log,
  tracing,
  redis,
  sender,
  shards,
  queues,
  now: () => clock.now(),
  refusal: () => (started ? watch.refusal() : 'redis_unavailable'),
  confirm: config.durability.kind === 'fast' ? undefined : confirmer().confirm,
  reasons: () => [
    ...(started ? watch.reasons() : ['Redis has not answered yet']),
    ...(shutdown.signal.aborted ? ['Shutting down'] : []),
  ],
  warnings: () => (started ? watch.warnings() : []),
  safety: () => (started ? watch.safety() : undefined),
  connect: connectToRead,
  stopping: shutdown.signal,
  dashboardFolder: fileURLToPath(new URL('../../dashboard/dist', import.meta.url)),
})
const server = createHttpServer((request, response) => {
  // A client that keeps its connection busy would keep this process alive.
  if (shutdown.signal.aborted) response.setHeader('connection', 'close')
  app(request, response)
})
try {
  await listen(server, config.port, 'PORT')
  shutdown.onClose('server', () => closeServer())
  await startWithRedis()
  collectStartGarbage()
  log.info({ port: config.port }, 'API ready')
} catch (error) {
  log.fatal({ err: error }, 'the API cannot start')
  await shutdown.stop('start failed', 1)
}

/** Alive, but not ready, until Redis answers for the first time. */
async function startWithRedis(): Promise<void> {
  while (!shutdown.signal.aborted) {
    try {
      await claimShards(redis, config.namespace, shards)
      await clock.start()
      await watch.start()
      started = true
      startGauges()
      return
    } catch (error) {
      if (error instanceof ShardMismatchError) throw error
      await sleep(TRY_AGAIN_MS)
    }
  }
}

/** It waits on a connection of its own: what blocks there must not hold up anything else. */
function confirmer(): Confirmer {
  const connection = connectRedis(config.redisUrl, 'producer')
  connection.on('error', (error: Error) => log.debug({ err: error }, 'confirming connection'))
  shutdown.onClose('confirmations', () => connection.disconnect())
  return new Confirmer({ redis: connection, confirmation: watch.confirmation })
}

/** A connection that blocks while it waits: it waits for Redis, too, and closes with the process. */
function connectToRead(): RedisClient {
  const connection = connectRedis(config.redisUrl, 'consumer')
  connection.on('error', (error: Error) => log.debug({ err: error }, 'live stream connection'))
  return connection
}

function startGauges(): void {
  const sample = async () => {
    await sampleGauges(redis, config.namespace, shards, clock.now())
  }
  const gauges = periodic(SAMPLE_EVERY_MS, sample, (error) => {
    log.debug({ err: error }, 'the queues could not be looked at')
  })
  shutdown.onClose('gauges', () => gauges.stop())
}

/** Requests under way are answered, each with `connection: close`; idle connections are closed. */
function closeServer(): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS)
  return new Promise((resolve) => {
    server.close(() => {
      clearInterval(idle)
      resolve()
    })
  })
}
