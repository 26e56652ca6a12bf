import { hash } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { takePerMinute } from '@posthorn/shared/access/per-minute.ts'
import { ApiKeyStore } from '@posthorn/shared/access/store.ts'
import { createAddressPolicy } from '@posthorn/shared/address/policy.ts'
import type { Sender } from '@posthorn/shared/attempt/sender.ts'
import { CircuitStore } from '@posthorn/shared/circuit/store.ts'
import { Reopener } from '@posthorn/shared/delivery/reopen.ts'
import { Acceptor } from '@posthorn/shared/event/accept.ts'
import type { Confirm } from '@posthorn/shared/event/confirm.ts'
import { Lanes } from '@posthorn/shared/lane/lane.ts'
import { type Shard, urlChecksKey } from '@posthorn/shared/queue/keys.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import { sampleQueues } from '@posthorn/shared/queue/sample.ts'
import type { ApiConfig } from '@posthorn/shared/runtime/config.ts'
import type { Log } from '@posthorn/shared/runtime/log.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'
import type { RedisSafety } from '@posthorn/shared/runtime/redis-safety.ts'
import type { Refusal } from '@posthorn/shared/runtime/redis-watch.ts'
import { countUnreadable } from '@posthorn/shared/runtime/unreadable.ts'
import { SourceStore } from '@posthorn/shared/source/store.ts'
import { liveWorkers } from '@posthorn/shared/system/worker-beat.ts'
import { startTask } from '@posthorn/shared/task/start.ts'
import { TaskStore } from '@posthorn/shared/task/store.ts'
import type { TaskSpec } from '@posthorn/shared/task/task.ts'
import type { Tracing } from '@posthorn/shared/trace/tracing.ts'
import { WebhookRegistry } from '@posthorn/shared/webhook/registry.ts'
import { WebhookStore } from '@posthorn/shared/webhook/store.ts'
import { Vault } from '@posthorn/shared/webhook/vault.ts'
import { KeyCache } from './access/key-cache.ts'
import { accessRoutes } from './access/routes.ts'
import { dashboard } from './dashboard/files.ts'
import { deadLetterCommandRoutes } from './dead-letters/commands.ts'
import { listDeadLettersRoute } from './dead-letters/read.ts'
import { deliveryCommandRoutes } from './deliveries/commands.ts'
import { readDeliveryRoutes } from './deliveries/read.ts'
import { deliveryRequestRoute } from './deliveries/request.ts'
import { publishRoute } from './events/publish.ts'
import { publishBatchRoute } from './events/publish-batch.ts'
import { readEventRoutes } from './events/read.ts'
import { replayEventRoute } from './events/replay.ts'
import { Authenticator } from './http/authenticate.ts'
import { CursorCodec } from './http/cursor.ts'
import { createListener } from './http/listener.ts'
import { operationsRoute } from './overview/operations.ts'
import { overviewRoute } from './overview/stats.ts'
import { composePortal } from './portal/compose.ts'
import { composeSessions } from './session/compose.ts'
import { sourceRoutes } from './sources/routes.ts'
import { streamRoute } from './stream/routes.ts'
import { LogTail } from './stream/tail.ts'
import { systemRoutes } from './system/routes.ts'
import { replayWebhookRoute } from './tasks/replay-webhook.ts'
import { taskRoutes } from './tasks/routes.ts'
import { TestReceiverMemory } from './test-receiver/received.ts'
import { testReceiverRoutes } from './test-receiver/routes.ts'
import { URL_CHECKS_ALLOWED } from './webhooks/check-url.ts'
import { webhookRoutes } from './webhooks/routes.ts'
import { statsRoute } from './webhooks/stats.ts'

export interface AppParts {
  readonly config: ApiConfig
  readonly log: Log
  /** Absent: no traces are wanted. */
  readonly tracing?: Tracing | undefined
  readonly redis: RedisClient
  /** Sends the test events of webhooks. */
  readonly sender: Sender
  readonly shards: readonly Shard[]
  readonly queues: readonly ShardQueues[]
  /** Redis' time. */
  readonly now: () => number
  /** Why no event can be accepted now, or undefined. */
  readonly refusal: () => Refusal | undefined
  /** Waits for what a 202 promises beyond Redis' answer, if anything. */
  readonly confirm?: Confirm | undefined
  /** Why this process is not ready; empty when it is. */
  readonly reasons: () => string[]
  /** What an operator should know of although it is ready. */
  readonly warnings: () => string[]
  /** What was last seen of Redis. */
  readonly safety: () => RedisSafety | undefined
  /** Opens a connection that may block: for the live stream. */
  readonly connect: () => RedisClient
  /** Aborts when the process is to end. */
  readonly stopping: AbortSignal
  /** Where the dashboard is, once it has been built; absent: there is none. */
  readonly dashboardFolder?: string
}

/** The API, in the order of its documentation. Makes no call to Redis by itself. */
export function createApp(parts: AppParts): RequestListener {
  const { config, log, tracing, redis, sender, shards, queues, now, refusal, confirm, reasons } =
    parts
  const { dashboardFolder } = parts
  const { namespace, maxEventBytes, deadLetterRetentionMs, retentionMs } = config
  const keys = new ApiKeyStore(redis, namespace)
  const keyCache = new KeyCache((digest) => keys.findByDigest(digest))
  const portal = composePortal({ config, redis, now })
  const session = composeSessions({ config, redis, keys, keyCache, portals: portal.store, now })
  const authenticator = new Authenticator(config.rootKey, keyCache, {
    sessions: session.sessions,
    portals: portal.tokens,
  })
  const cursors = new CursorCodec(hash('sha256', config.rootKey, 'buffer'))
  const acceptor = new Acceptor({
    redis,
    namespace,
    shards,
    queues,
    now,
    refusal,
    retryPolicy: config.retryPolicy,
    confirm,
  })
  const history = { redis, shards }
  const store = new WebhookStore(redis, namespace)
  const vault = new Vault(config.encryptionKeys)
  const defaults = { retryPolicy: config.retryPolicy, timeoutMs: config.attemptTimeoutMs }
  const registry = new WebhookRegistry({
    redis,
    namespace,
    vault,
    defaults,
    onUnreadable: countUnreadable(log),
  })
  const reopener = new Reopener({ redis, shards, queues, now, deadLetterRetentionMs })
  const taskStore = new TaskStore({ redis, namespace, now, retentionMs })
  const tasks = { redis, store: taskStore, queues }
  const tail = new LogTail({ shards, connect: parts.connect })
  const webhooks = {
    store,
    circuits: new CircuitStore(redis, namespace),
    vault,
    policy: createAddressPolicy(config.allowCidrs),
    defaults,
    sender,
    takeUrlCheck: (tenant: string) =>
      takePerMinute(redis, urlChecksKey(namespace, tenant), URL_CHECKS_ALLOWED),
    tasks: { start: (task: TaskSpec) => startTask(tasks, task) },
    cursors,
    history,
    now,
  }
  const read = { history, cursors }
  const act = { history, reopener, registry, webhooks: store }
  const started = { history, actions: reopener, webhooks: registry, tasks, store, now }
  const publish = { acceptor, authenticator, maxEventBytes, tracing }
  const status = async () => ({
    queues: await sampleQueues(redis, shards, now()),
    workers: await liveWorkers(redis, namespace, now()),
  })
  const overview = {
    history,
    circuits: webhooks.circuits,
    lanes: new Lanes(redis, namespace),
    webhooks: store,
    status,
    safety: parts.safety,
    now,
  }
  const testReceiver = {
    ...{ registry, maxEventBytes, now, stopping: parts.stopping },
    memory: new TestReceiverMemory(),
  }
  const routes = portal.paced([
    publishRoute(publish),
    publishBatchRoute(publish),
    ...readEventRoutes(read),
    replayEventRoute(act),
    ...webhookRoutes(webhooks),
    statsRoute({ ...webhooks, ...read }),
    replayWebhookRoute(started),
    ...readDeliveryRoutes(read),
    deliveryRequestRoute({ ...webhooks, ...read }),
    ...deliveryCommandRoutes(act),
    listDeadLettersRoute(read),
    ...deadLetterCommandRoutes(started),
    ...taskRoutes({ store: taskStore, cursors }),
    streamRoute({ tail, keys, sessions: session.store, stopping: parts.stopping }),
    ...sourceRoutes({ ...publish, store: new SourceStore(redis, namespace), vault, cursors, now }),
    ...accessRoutes({ keys, cursors, now }),
    ...session.routes,
    ...portal.routes,
    overviewRoute(overview),
    operationsRoute(overview),
    ...(config.testReceiver ? testReceiverRoutes(testReceiver) : []),
  ])
  const system = { reasons, warnings: parts.warnings, status, port: config.port, now }
  const all = [...routes, ...systemRoutes(system, routes)]
  return createListener({
    routes: all,
    authenticator,
    log,
    tracing,
    dashboard:
      dashboardFolder === undefined ? undefined : dashboard(dashboardFolder, config.portalOrigins),
  })
}
