import { takePerMinute } from '@posthorn/shared/access/per-minute.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { portalChangesKey } from '@posthorn/shared/queue/keys.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'
import type { Route } from '../http/route.ts'

/** What the visitors of one tenant may change, start or have sent in a minute, over all replicas. */
export const CHANGES_ALLOWED = 120

/** Who has come to the limit may still end its token. */
const SIGN_OUT = '/v1/session'

/**
 * The routes, with a pace for visitors of portals: each test is a request to somebody, and each replay or disabling
 * a task that is kept for as long as history is. († one visitor started 27,000 tasks a minute.) Reading has none.
 */
export function pacedForPortals(
  routes: readonly Route[],
  { redis, namespace }: { readonly redis: RedisClient; readonly namespace: string },
): Route[] {
  return routes.map((route) => {
    const { handle, portal, method, path, problems = [] } = route
    if (!handle || !portal || method === 'GET' || path === SIGN_OUT) return route
    return {
      ...route,
      problems: [...problems, 'too_many_changes'],
      handle: async (context) => {
        const { role, tenant } = context.principal
        if (role === 'portal' && tenant !== undefined)
          await requirePace(redis, portalChangesKey(namespace, tenant))
        return await handle(context)
      },
    }
  })
}

/** Throws 429 `too_many_changes`. */
async function requirePace(redis: RedisClient, key: string): Promise<void> {
  const waitMs = await takePerMinute(redis, key, CHANGES_ALLOWED)
  if (waitMs === 0) return
  const headers = { 'retry-after': String(Math.ceil(waitMs / 1_000)) }
  throw new ProblemError('too_many_changes', undefined, { headers })
}
