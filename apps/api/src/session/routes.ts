import type { IncomingMessage } from 'node:http'
import type { ApiKey } from '@posthorn/shared/access/api-key.ts'
import type { Principal } from '@posthorn/shared/access/principal.ts'
import { type SessionView, sessionSchema, signInSchema } from '@posthorn/shared/access/session.ts'
import {
  SESSION_IDLE_MS,
  type SessionStore,
  type StoredSession,
} from '@posthorn/shared/access/session-store.ts'
import type { SignInLimit } from '@posthorn/shared/access/sign-in-limit.ts'
import type { Cidr } from '@posthorn/shared/address/cidr.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import type { PortalTokenStore } from '@posthorn/shared/portal/store.ts'
import { type Route, route } from '../http/route.ts'
import { requireTurn } from '../http/turn.ts'
import { setCookie } from './cookie.ts'
import { isSameOrigin, saysOrigin } from './origin.ts'
import { peerOf } from './peer.ts'
import { initiatorOf, type Sessions } from './sessions.ts'

interface SessionDeps {
  readonly sessions: Pick<Sessions, 'begin' | 'cookieFor'>
  readonly store: Pick<SessionStore, 'use' | 'end'>
  readonly limit: Pick<SignInLimit, 'take' | 'giveBack'>
  readonly keys: { get(id: string): Promise<Pick<ApiKey, 'name'> | undefined> }
  readonly portals: Pick<PortalTokenStore, 'end'>
  readonly trustedProxies: readonly Cidr[]
  /** Whether there is one, which pages then offer. */
  readonly testReceiver: boolean
}

const tag = 'Access'
const path = '/v1/session'

export function sessionRoutes(deps: SessionDeps): Route[] {
  return [signIn(deps), readSession(deps), signOut(deps)]
}

function signIn(deps: SessionDeps): Route {
  return route({
    method: 'POST',
    path,
    summary: 'Sign in to the dashboard',
    description:
      'Exchanges an API key for a cookie that every route accepts in its place: `__Host-posthorn` over TLS, `posthorn` over plain HTTP, which only `localhost` may use unless `POSTHORN_SIGN_IN_OVER_HTTP` says otherwise. It ends after 24 h, after 8 h without use, when it is signed out, and with its key.',
    tag,
    role: 'public',
    body: signInSchema,
    bodyExample: { key: 'phk_…' },
    responses: { 201: { description: 'Signed in; the cookie is set', schema: sessionSchema } },
    problems: [
      'malformed_json',
      'unauthenticated',
      'cross_site_request',
      'insecure_connection',
      'payload_too_large',
      'unsupported_media_type',
      'invalid_input',
      'too_many_sign_ins',
      'redis_unavailable',
      'internal',
    ],
    handle: async ({ request, body: { key } }) => {
      requireOwnPage(request)
      const cookie = deps.sessions.cookieFor(request)
      const begun = await limited(deps, request, () =>
        deps.sessions.begin(key, (principal) => nameOf(deps, principal)),
      )
      const headers = { 'set-cookie': setCookie(cookie, begun.id) }
      return { status: 201, headers, body: view(deps, begun.principal, begun.session) }
    },
  })
}

/** A foreign page must not sign a browser in to somebody else's account. Programs say no origin. */
function requireOwnPage(request: IncomingMessage): void {
  const initiator = initiatorOf(request)
  if (saysOrigin(initiator) && !isSameOrigin(initiator))
    throw new ProblemError('cross_site_request')
}

/** Throws 429 for an address that has failed too often, 401 for a key that is none. */
async function limited<Begun>(
  { limit, trustedProxies }: SessionDeps,
  request: IncomingMessage,
  begin: () => Promise<Begun | undefined>,
): Promise<Begun> {
  const forwardedFor = request.headers['x-forwarded-for']
  const peer = peerOf(request.socket.remoteAddress, String(forwardedFor ?? ''), trustedProxies)
  requireTurn('too_many_sign_ins', await limit.take(peer))
  const begun = await begin()
  if (!begun) throw new ProblemError('unauthenticated', 'There is no such key.')
  await limit.giveBack(peer)
  return begun
}

function readSession(deps: SessionDeps): Route {
  return route({
    method: 'GET',
    path,
    summary: 'Who is asking',
    description: "Also for a bare key, which has no end, and for a portal's token.",
    tag,
    role: 'any',
    portal: true,
    responses: { 200: { description: 'The session, or the key', schema: sessionSchema } },
    handle: async ({ principal }) => {
      if (principal.portal) return { status: 200, body: visitorView(principal, principal.portal) }
      const session = principal.session && (await deps.store.use(principal.session))
      if (session) return { status: 200, body: view(deps, principal, session) }
      return { status: 200, body: view(deps, principal, { name: await nameOf(deps, principal) }) }
    },
  })
}

function signOut({ store, portals, sessions }: SessionDeps): Route {
  return route({
    method: 'DELETE',
    path,
    summary: 'Sign out',
    description:
      "Ends the session on every replica, with its live streams, and takes the cookie back; or ends the portal's token that is sent.",
    tag,
    role: 'any',
    portal: true,
    responses: { 204: { description: 'Signed out' } },
    problems: ['cross_site_request'],
    handle: async ({ principal: { session, portal }, request }) => {
      if (portal) await portals.end(portal.digest)
      if (session === undefined) return { status: 204 }
      await store.end(session)
      return { status: 204, headers: { 'set-cookie': setCookie(sessions.cookieFor(request)) } }
    },
  })
}

async function nameOf({ keys }: SessionDeps, { keyId }: Principal): Promise<string> {
  return keyId === undefined ? 'root key' : ((await keys.get(keyId))?.name ?? '')
}

function visitorView({ tenant }: Principal, visit: NonNullable<Principal['portal']>) {
  const { theme, expiresMs } = visit
  return {
    role: 'portal' as const,
    name: 'portal',
    tenant,
    expiresAt: new Date(expiresMs).toISOString(),
    theme,
  }
}

function view(
  { testReceiver }: Pick<SessionDeps, 'testReceiver'>,
  { role, tenant, keyId }: Principal,
  { name, expiresMs }: Pick<StoredSession, 'name'> & Partial<StoredSession>,
): SessionView {
  return {
    role,
    name,
    ...(tenant === undefined ? {} : { tenant }),
    ...(keyId === undefined ? {} : { keyId }),
    ...(expiresMs === undefined
      ? {}
      : {
          expiresAt: new Date(expiresMs).toISOString(),
          idleTimeoutSeconds: SESSION_IDLE_MS / 1_000,
        }),
    ...(testReceiver ? { testReceiver } : {}),
  }
}
