import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Principal } from '@posthorn/shared/access/principal.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import type { NewEvent } from '@posthorn/shared/event/accept.ts'
import { publishDocSchema, publishedSchema } from '@posthorn/shared/event/schema.ts'
import { eventsPublished } from '@posthorn/shared/runtime/metrics.ts'
import { type Authenticator, requireRight } from '../http/authenticate.ts'
import { JSON_TYPE, mediaType, readBody } from '../http/body.ts'
import type { RequestState } from '../http/observe.ts'
import { asProblem, respond } from '../http/respond.ts'
import { leanRoute, type Route } from '../http/route.ts'
import { requireNoQuery } from '../http/validate.ts'
import { publishHeaders, readEvent } from './publish-input.ts'
import { type Publishing, publishWithin } from './publish-span.ts'

export interface PublishDeps extends Publishing {
  readonly authenticator: Authenticator
  readonly maxEventBytes: number
}

/** Room for everything of an event but its data. */
const ENVELOPE_BYTES = 64 * 1024

export function publishRoute(deps: PublishDeps): Route {
  return leanRoute({
    method: 'POST',
    path: '/v1/events',
    summary: 'Publish an event',
    description:
      '202 means that Redis has the event: it will be delivered to each webhook that matches, or become ' +
      'a dead letter. After a 503 or a broken connection it may have been taken: repeat it with the same ' +
      '`id` (or `Idempotency-Key` header), which is safe for at least 24 hours.',
    tag: 'Events',
    role: 'publisher',
    headers: publishHeaders,
    body: publishDocSchema,
    bodyExample: { type: 'user.created', data: { id: 'u_1', name: 'Ada' } },
    responses: { 202: { description: 'Accepted', schema: publishedSchema } },
    problems: [
      'event_id_reused',
      'idempotency_key_reused',
      'redis_full',
      'durability_unavailable',
      'event_undecided',
    ],
    lean: (request, response, state) => publish(deps, request, response, state),
  })
}

async function publish(
  deps: PublishDeps,
  request: IncomingMessage,
  response: ServerResponse,
  state: RequestState,
): Promise<void> {
  const principal = await publisher(deps.authenticator, request, state)
  try {
    const event = await read(deps, request, principal)
    state.event = event.id
    const published = await publishWithin(deps, state.span, event)
    state.event = published.id
    state.duplicate = published.duplicate
    eventsPublished.inc({ result: published.duplicate ? 'duplicate' : 'accepted' })
    respond(response, { status: 202, body: published })
  } catch (error) {
    countRefusal(error)
    throw error
  }
}

/** Who publishes: 401 and 403 are judged before anything of the request is read. */
export async function publisher(
  authenticator: Authenticator,
  request: IncomingMessage,
  state: RequestState,
): Promise<Principal> {
  const principal = await authenticator.authenticate(request)
  state.principal = principal
  requireRight(principal, { role: 'publisher' })
  return principal
}

async function read(
  deps: PublishDeps,
  request: IncomingMessage,
  principal: Principal,
): Promise<NewEvent> {
  requireNoQuery(request.url ?? '')
  if (mediaType(request, [JSON_TYPE]) === undefined) {
    throw new ProblemError('unsupported_media_type', `Send a content-type of ${JSON_TYPE}.`)
  }
  const bytes = await readBody(request, deps.maxEventBytes + ENVELOPE_BYTES)
  const key = request.headers['idempotency-key'] as string | undefined
  return readEvent(bytes, principal, deps.maxEventBytes, key)
}

/** Counts an event that was not taken: because of what it is, or because of Redis. */
export function countRefusal(error: unknown): void {
  const { status } = asProblem(error)
  eventsPublished.inc({ result: status >= 500 ? 'unavailable' : 'rejected' })
}
