import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { eventsPublished } from '@posthorn/shared/runtime/metrics.ts'
import { sourceIdSchema, takenSchema } from '@posthorn/shared/source/schema.ts'
import type { StoredSource } from '@posthorn/shared/source/source.ts'
import { sourceContext } from '@posthorn/shared/webhook/vault.ts'
import { type Arrival, arrivalOf, type Scheme } from 'posthorn-receiver/schemes'
import { z } from 'zod'
import { countRefusal } from '../events/publish.ts'
import { publishWithin } from '../events/publish-span.ts'
import { type RawBody, type Route, type RouteResult, rawRoute } from '../http/route.ts'
import type { SourceDeps } from './deps.ts'
import { eventOf } from './event.ts'
import { schemeOf } from './scheme.ts'

/** The largest that any of the senders posts, save GitHub's rarest. */
const MAX_BODY_BYTES = 1024 * 1024

const FAULTS = {
  missing: 'The signature or credential is missing.',
  malformed: 'The signature or credential is not in the form of this type of source.',
  too_old: 'The signed time is too long ago.',
  too_new: 'The signed time lies in the future.',
  mismatch: 'The signature or credential fits none of the secrets.',
} as const

export function receiveRoute(deps: SourceDeps): Route {
  return rawRoute({
    method: 'POST',
    path: '/in/:id',
    summary: 'Take an event from a source',
    description:
      'For the sender of a source: its own signature or credential stands for a key. 202 means what it means for a published event; a repeat makes no second one, while the first is kept and for 25 hours at least. After a 503 the sender repeats it.',
    tag: 'Sources',
    role: 'public',
    params: z.strictObject({ id: sourceIdSchema }),
    body: z.unknown().meta({ description: "Any JSON; its bytes are the event's `data`" }),
    maxBodyBytes: MAX_BODY_BYTES,
    responses: {
      200: { description: 'The challenge of Slack’s `url_verification`', mediaType: 'text/plain' },
      202: { description: 'Accepted', schema: takenSchema },
    },
    problems: [
      'malformed_request',
      'source_unverified',
      'not_found',
      'payload_too_large',
      'unsupported_media_type',
      'redis_unavailable',
      'redis_full',
      'durability_unavailable',
      'event_undecided',
      'stored_value_unreadable',
      'internal',
    ],
    handle: async ({ params, body }) => {
      const source = await deps.store.get(params.id)
      if (!source) throw new ProblemError('not_found')
      try {
        return await receive(deps, source, body)
      } catch (error) {
        countRefusal(error)
        throw error
      }
    },
  })
}

async function receive(
  deps: SourceDeps,
  source: StoredSource,
  { headers, bytes, state }: RawBody,
): Promise<RouteResult> {
  const secrets = source.secrets.map((sealed) => deps.vault.open(sealed, sourceContext(source.id)))
  const scheme = schemeOf(source, secrets)
  const arrival = arrivalOf(headers, bytes)
  await requireGenuine(scheme, arrival)
  const reply = scheme.reply?.(arrival)
  if (reply) {
    const contentType = { 'content-type': `${reply.contentType}; charset=utf-8` }
    return { status: 200, body: reply.body, headers: contentType }
  }
  if (arrival.json() === undefined) {
    throw new ProblemError('unsupported_media_type', 'The body is not JSON in UTF-8.')
  }
  const event = eventOf(source, scheme, arrival)
  state.event = event.id
  const { id, duplicate } = await publishWithin(deps, state.span, event)
  state.duplicate = duplicate
  eventsPublished.inc({ result: duplicate ? 'duplicate' : 'accepted' })
  return { status: 202, body: { id, duplicate } }
}

/** By the clock of this process, as the senders' own libraries do. */
async function requireGenuine(scheme: Scheme, arrival: Arrival): Promise<void> {
  const fault = await scheme.verify(arrival, Date.now())
  if (fault) throw new ProblemError('source_unverified', FAULTS[fault])
}
