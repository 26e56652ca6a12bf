import { PortalTokenStore } from '@posthorn/shared/portal/store.ts'
import type { ApiConfig } from '@posthorn/shared/runtime/config.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'
import type { Route } from '../http/route.ts'
import { pacedForPortals } from './pace.ts'
import { portalRoutes } from './routes.ts'
import { PortalTokens } from './tokens.ts'

interface ComposedPortal {
  readonly tokens: PortalTokens
  readonly store: PortalTokenStore
  readonly routes: readonly Route[]
  /** All routes, with the pace that visitors are held to. */
  readonly paced: (routes: readonly Route[]) => Route[]
}

export function composePortal(parts: {
  readonly config: ApiConfig
  readonly redis: RedisClient
  /** Redis' time in ms since the epoch. */
  readonly now: () => number
}): ComposedPortal {
  const { config, redis, now } = parts
  const { namespace, rootKey, publicUrl } = config
  const store = new PortalTokenStore({ redis, namespace, now })
  const tokens = new PortalTokens({ store, rootKey, now })
  return {
    tokens,
    store,
    routes: portalRoutes({ tokens, store, publicUrl }),
    paced: (routes) => pacedForPortals(routes, { redis, namespace }),
  }
}
