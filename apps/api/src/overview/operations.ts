import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { rfc3339 } from '@posthorn/shared/history/views.ts'
import { type OperationsReport, operationsSchema } from '@posthorn/shared/overview/schema.ts'
import type { QueueSample } from '@posthorn/shared/queue/sample.ts'
import { dangers, type RedisSafety } from '@posthorn/shared/runtime/redis-safety.ts'
import type { WorkerBeat } from '@posthorn/shared/system/worker-beat.ts'
import { type Route, route } from '../http/route.ts'
import type { OverviewDeps } from './stats.ts'
import { type Failing, readFailing } from './troubles.ts'

export function operationsRoute(deps: OverviewDeps): Route {
  return route({
    method: 'GET',
    path: '/v1/operations',
    summary: 'Queues, workers, Redis and circuits',
    description: 'For a key of all tenants; the key of a tenant is answered 403.',
    tag: 'Operations',
    role: 'viewer',
    responses: { 200: { description: 'As they are now', schema: operationsSchema } },
    handle: async ({ principal }) => {
      if (principal.tenant !== undefined) {
        throw new ProblemError(
          'forbidden',
          'This is about all tenants: it needs a key of all of them.',
        )
      }
      const [{ queues, workers }, { failing, open }] = await Promise.all([
        deps.status(),
        readFailing(deps, undefined),
      ])
      const redis = deps.safety()
      const body: OperationsReport = {
        queues: queuesView(queues),
        workers: workers.map(workerView),
        redis: redis ? redisView(redis) : null,
        circuits: { open, data: failing.flatMap((one) => circuitView(one, deps.now())) },
      }
      return { status: 200, body }
    },
  })
}

/** The shards of a queue as one. */
function queuesView(samples: readonly QueueSample[]): OperationsReport['queues'] {
  return [...Map.groupBy(samples, ({ queue }) => queue)].map(([queue, ofQueue]) => {
    const sum = (state: keyof QueueSample['jobs']) =>
      ofQueue.reduce((total, { jobs }) => total + jobs[state], 0)
    return {
      queue,
      waiting: sum('waiting'),
      active: sum('active'),
      delayed: sum('delayed'),
      failed: sum('failed'),
      oldestWaitingMs: Math.max(0, ...ofQueue.map(({ oldestWaitingMs }) => oldestWaitingMs)),
    }
  })
}

function workerView(beat: WorkerBeat): OperationsReport['workers'][number] {
  const { id, host, pid, inFlight, version, loopLagMs, progressMs } = beat
  return {
    id,
    host,
    pid,
    ...(version === undefined ? {} : { version }),
    startedAt: rfc3339(beat.startedMs),
    lastSeenAt: rfc3339(beat.atMs),
    inFlight,
    ...(loopLagMs === undefined ? {} : { loopLagMs }),
    ...(progressMs === undefined ? {} : { lastProgressAt: rfc3339(progressMs) }),
  }
}

const redisView = (redis: RedisSafety): NonNullable<OperationsReport['redis']> => ({
  version: redis.version,
  usedBytes: redis.usedBytes,
  maxBytes: redis.maxBytes,
  memoryRatio: redis.memoryRatio,
  aofEnabled: redis.aofEnabled ?? null,
  evictionPolicy: redis.maxmemoryPolicy,
  replicasOnline: redis.onlineReplicas,
  dangers: dangers(redis),
})

function circuitView(
  { webhook, circuit, parked }: Failing,
  nowMs: number,
): OperationsReport['circuits']['data'] {
  if (!circuit.open) return []
  const { id, tenant, url } = webhook
  const { sinceMs, probeAtMs } = circuit.open
  return [
    {
      webhook: id,
      tenant,
      url,
      state: probeAtMs <= nowMs ? 'half_open' : 'open',
      reason: circuit.lastFailure,
      failures: circuit.failures,
      since: rfc3339(sinceMs),
      nextProbeAt: rfc3339(probeAtMs),
      parked,
    },
  ]
}
