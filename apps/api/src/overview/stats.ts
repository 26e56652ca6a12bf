import { tenantSchema } from '@posthorn/shared/access/tenant.ts'
import type { HistoryDeps } from '@posthorn/shared/history/deliveries.ts'
import { readRate } from '@posthorn/shared/history/rate.ts'
import { STATS_WINDOWS } from '@posthorn/shared/history/schema.ts'
import { readStanding } from '@posthorn/shared/history/standing.ts'
import { readStats } from '@posthorn/shared/history/stats.ts'
import { statsScope } from '@posthorn/shared/history/stats-deltas.ts'
import { rfc3339 } from '@posthorn/shared/history/views.ts'
import { type Cause, causeOf, type Situation } from '@posthorn/shared/overview/cause.ts'
import { type Overview, overviewSchema } from '@posthorn/shared/overview/schema.ts'
import { dangers, type RedisSafety } from '@posthorn/shared/runtime/redis-safety.ts'
import { FULL_AT_RATIO } from '@posthorn/shared/runtime/redis-watch.ts'
import { z } from 'zod'
import { type Route, route } from '../http/route.ts'
import type { Status } from '../system/status-page.ts'
import { recently } from './recently.ts'
import { type Failing, readFailing, readPaused, type TroubleDeps } from './troubles.ts'

export interface OverviewDeps extends TroubleDeps {
  readonly history: HistoryDeps
  /** Queues and workers. */
  readonly status: () => Promise<Status>
  readonly safety: () => RedisSafety | undefined
  /** Redis' time in ms since the epoch. */
  readonly now: () => number
}

const KEEP_MS = 1_000
const ALL_TENANTS = ''

export function overviewRoute(deps: OverviewDeps): Route {
  const present = recently(KEEP_MS, (key) =>
    readPresent(deps, key === ALL_TENANTS ? undefined : key),
  )
  return route({
    method: 'GET',
    path: '/v1/stats',
    summary: 'How deliveries are doing',
    description:
      'Counters, percentiles and a series like those of one webhook, over all of a tenant or of all tenants; what stands open now; and one sentence on what is wrong and why. At most 2 s behind. Counters of a tenant begin with the version that brought them.',
    tag: 'Operations',
    role: 'viewer',
    query: z.strictObject({
      window: z.enum(STATS_WINDOWS).default('24h'),
      tenant: tenantSchema.optional(),
    }),
    responses: {
      200: { description: 'Counters, the present and its cause', schema: overviewSchema },
    },
    handle: async ({ query, tenantFilter }) => {
      const tenant = tenantFilter(query.tenant)
      const [stats, now] = await Promise.all([
        readStats(deps.history, statsScope(tenant), query.window, deps.now()),
        present(tenant ?? ALL_TENANTS),
      ])
      return { status: 200, body: { ...stats, ...now } satisfies Overview }
    },
  })
}

async function readPresent(
  deps: OverviewDeps,
  tenant: string | undefined,
): Promise<Pick<Overview, 'now' | 'cause'>> {
  const nowMs = deps.now()
  const [standing, rate, { failing }, paused, status] = await Promise.all([
    readStanding(deps.history, tenant),
    readRate(deps.history, statsScope(tenant), nowMs),
    readFailing(deps, tenant),
    readPaused(deps, tenant),
    tenant === undefined ? deps.status() : undefined,
  ])
  const { oldestOpenMs, ...counts } = standing
  const oldestWaitingMs = Math.max(0, ...(status?.queues ?? []).map((one) => one.oldestWaitingMs))
  const cause = causeOf({
    nowMs,
    pending: standing.pending,
    failing: failing.map(failingWebhook),
    paused,
    ...(status ? { installation: installation(deps, status, oldestWaitingMs) } : {}),
  })
  return {
    now: {
      ...counts,
      oldestOpenAt: oldestOpenMs === undefined ? null : rfc3339(oldestOpenMs),
      ...rate,
      secondsToDrain: secondsToDrain(standing.pending + standing.parked, rate.deliveredPerSecond),
      ...(status ? { workers: status.workers.length, oldestWaitingMs } : {}),
    },
    cause: causeView(cause),
  }
}

function installation(
  { safety }: OverviewDeps,
  { workers }: Status,
  oldestWaitingMs: number,
): NonNullable<Situation['installation']> {
  const redis = safety()
  return {
    workers: workers.length,
    memoryRatio: redis?.memoryRatio ?? 0,
    fullAtRatio: FULL_AT_RATIO,
    dangers: redis ? dangers(redis) : [],
    oldestWaitingMs,
  }
}

const failingWebhook = ({ webhook, circuit, parked }: Failing): Situation['failing'][number] => ({
  id: webhook.id,
  url: webhook.url,
  isOpen: circuit.state === 'open',
  failures: circuit.failures,
  sinceMs: circuit.failingSinceMs,
  lastFailure: circuit.lastFailure,
  parked,
})

const causeView = ({ sinceMs, ...cause }: Cause): Overview['cause'] => ({
  ...cause,
  ...(sinceMs === undefined ? {} : { since: rfc3339(sinceMs) }),
})

function secondsToDrain(backlog: number, perSecond: number): number | null {
  if (backlog === 0) return 0
  return perSecond > 0 ? Math.ceil(backlog / perSecond) : null
}
