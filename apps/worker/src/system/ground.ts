import { EgressError } from '@posthorn/shared/attempt/egress/egress-error.ts'
import { closeQueues, openQueues } from '@posthorn/shared/queue/open.ts'
import { claimShards, shardsOf } from '@posthorn/shared/queue/shards.ts'
import { RedisClock } from '@posthorn/shared/runtime/clock.ts'
import type { WorkerConfig } from '@posthorn/shared/runtime/config.ts'
import type { Log } from '@posthorn/shared/runtime/log.ts'
import type { OutageLog } from '@posthorn/shared/runtime/outage-log.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'
import { RedisWatch } from '@posthorn/shared/runtime/redis-watch.ts'
import type { Shutdown } from '@posthorn/shared/runtime/shutdown.ts'
import { countUnreadable } from '@posthorn/shared/runtime/unreadable.ts'
import { SourceStore } from '@posthorn/shared/source/store.ts'
import { openTracing } from '@posthorn/shared/trace/open.ts'
import { WebhookRegistry } from '@posthorn/shared/webhook/registry.ts'
import { WebhookStore } from '@posthorn/shared/webhook/store.ts'
import { Vault } from '@posthorn/shared/webhook/vault.ts'
import { doAgainUntilTaken, RecentWork } from '../consume/recent-work.ts'

export interface PipelineOptions {
  readonly config: WorkerConfig
  readonly redis: RedisClient
  readonly log: Log
  readonly outages: OutageLog
  readonly shutdown: Shutdown
}

export type Ground = Awaited<ReturnType<typeof openGround>>

/**
 * What every stage of the worker stands on.
 * @throws what Redis answers, and when the shards are configured otherwise than Redis has them
 */
export async function openGround(options: PipelineOptions) {
  const { config, redis, log, outages, shutdown } = options
  const { namespace } = config
  const onError = (error: unknown) => {
    // The sender has said it once, and each attempt is counted.
    if (error instanceof EgressError) return
    if (!outages.note(error)) log.error({ err: error }, 'worker')
  }
  const shards = shardsOf(namespace, config.shards)
  await claimShards(redis, namespace, shards)
  const clock = new RedisClock(redis)
  await clock.start()
  const now = () => clock.now()
  const tracing = await openTracing({ service: 'worker', env: process.env, now, log })
  shutdown.onClose('traces', () => tracing?.stop())
  const recent = new RecentWork()
  const onNewRun = () => doAgainUntilTaken(recent, { now, log, onError, signal: shutdown.signal })
  const watch = new RedisWatch({ redis, checks: config.redisChecks, log, outages, onNewRun })
  await watch.start()
  shutdown.onClose('clock', () => {
    clock.stop()
    watch.stop()
  })
  const queues = openQueues(redis, shards)
  shutdown.onClose('queues', () => closeQueues(queues))

  const onUnreadable = countUnreadable(log)
  const vault = new Vault(config.encryptionKeys)
  const webhooks = new WebhookStore(redis, namespace)
  const sources = new SourceStore(redis, namespace)
  const registry = new WebhookRegistry({
    redis,
    namespace,
    vault,
    defaults: { retryPolicy: config.retryPolicy, timeoutMs: config.attemptTimeoutMs },
    onUnreadable,
  })
  const found = { namespace, shards, queues, clock, now, tracing, watch, recent }
  return { ...options, ...found, vault, webhooks, sources, registry, onError, onUnreadable }
}
