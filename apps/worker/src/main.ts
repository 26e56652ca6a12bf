import { hostname } from 'node:os'
import { configOrExit, parseWorkerConfig, redactedConfig } from '@posthorn/shared/runtime/config.ts'
import { leaveWithoutRedis } from '@posthorn/shared/runtime/leave-without-redis.ts'
import { listen } from '@posthorn/shared/runtime/listen.ts'
import { createLogger } from '@posthorn/shared/runtime/log.ts'
import { logOutput } from '@posthorn/shared/runtime/log-output.ts'
import { startProcessMetrics } from '@posthorn/shared/runtime/metrics.ts'
import { OutageLog } from '@posthorn/shared/runtime/outage-log.ts'
import { connectRedis } from '@posthorn/shared/runtime/redis.ts'
import { installShutdown } from '@posthorn/shared/runtime/shutdown.ts'
import { collectStartGarbage } from '@posthorn/shared/runtime/start-garbage.ts'
import { startPipeline } from './pipeline.ts'
import { createProbeServer } from './system/server.ts'

const config = configOrExit(parseWorkerConfig)
const log = createLogger('worker', config, await logOutput(process.stdout.isTTY))
const shutdown = installShutdown({ log, timeoutMs: config.shutdownTimeoutMs })
startProcessMetrics('worker')
log.info({ host: hostname(), config: redactedConfig(config) }, 'worker starting')

const redis = connectRedis(config.redisUrl, 'consumer')
const outages = new OutageLog({ log })
redis.on('error', (error: Error) => {
  if (!outages.note(error)) log.warn({ err: error }, 'Redis connection')
})
shutdown.onClose('redis', () => redis.disconnect())
leaveWithoutRedis({ shutdown, ask: () => redis.ping() })

const none = (): string[] => []
let state = { stuck: none, notReady: () => ['starting'], warnings: none }
const server = createProbeServer({
  stuck: () => state.stuck(),
  notReady: () => state.notReady(),
  warnings: () => state.warnings(),
})
try {
  await listen(server, config.workerPort, 'POSTHORN_WORKER_PORT')
  shutdown.onClose('probes', () => {
    server.closeAllConnections()
    server.close()
  })
  state = await startPipeline({ config, redis, log, outages, shutdown })
  collectStartGarbage()
  log.info({ port: config.workerPort }, 'worker ready')
} catch (error) {
  log.fatal({ err: error }, 'the worker cannot start')
  await shutdown.stop('start failed', 1)
}
