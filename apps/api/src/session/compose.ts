import { SessionStore } from '@posthorn/shared/access/session-store.ts'
import { SignInLimit } from '@posthorn/shared/access/sign-in-limit.ts'
import type { ApiKeyStore } from '@posthorn/shared/access/store.ts'
import { parseCidr } from '@posthorn/shared/address/cidr.ts'
import type { PortalTokenStore } from '@posthorn/shared/portal/store.ts'
import type { ApiConfig } from '@posthorn/shared/runtime/config.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'
import type { KeyLookup } from '../http/authenticate.ts'
import type { Route } from '../http/route.ts'
import { sessionRoutes } from './routes.ts'
import { Sessions } from './sessions.ts'

interface Parts {
  readonly config: ApiConfig
  readonly redis: RedisClient
  readonly keys: Pick<ApiKeyStore, 'get'>
  readonly keyCache: KeyLookup
  readonly portals: Pick<PortalTokenStore, 'end'>
  /** Redis' time in ms since the epoch. */
  readonly now: () => number
}

interface ComposedSessions {
  readonly sessions: Sessions
  readonly store: SessionStore
  readonly routes: readonly Route[]
}

export function composeSessions(parts: Parts): ComposedSessions {
  const { config, redis, keys, keyCache, portals, now } = parts
  const { namespace, rootKey, signInOverHttp: overHttp, testReceiver } = config
  const store = new SessionStore({ redis, namespace, now })
  const find = (digest: string) => keyCache.find(digest)
  const sessions = new Sessions({ store, rootKey, find, overHttp, now })
  const limit = new SignInLimit(redis, namespace)
  const trustedProxies = config.trustedProxies.flatMap((range) => parseCidr(range) ?? [])
  const routes = sessionRoutes({
    ...{ sessions, store, limit, keys, portals },
    ...{ trustedProxies, testReceiver },
  })
  return { sessions, store, routes }
}
