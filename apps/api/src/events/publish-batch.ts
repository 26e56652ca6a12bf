import type { IncomingMessage, ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Principal } from '@posthorn/shared/access/principal.ts'
import {
  inputProblem,
  type Problem,
  ProblemError,
  problemBody,
  problemSchema,
} from '@posthorn/shared/error/problem.ts'
import { splitArray, splitLines } from '@posthorn/shared/event/envelope.ts'
import { eventIdSchema, publishDocSchema } from '@posthorn/shared/event/schema.ts'
import { eventsPublished } from '@posthorn/shared/runtime/metrics.ts'
import { z } from 'zod'
import { JSON_TYPE, mediaType, readBody } from '../http/body.ts'
import type { RequestState } from '../http/observe.ts'
import { asProblem, respond } from '../http/respond.ts'
import { leanRoute, type Route } from '../http/route.ts'
import { requireNoQuery } from '../http/validate.ts'
import { countRefusal, type PublishDeps, publisher } from './publish.ts'
import { malformed, readEvent } from './publish-input.ts'
import { publishWithin } from './publish-span.ts'

const MAX_ENTRIES = 1_000
const ENTRIES_AT_ONCE = 50
const MAX_BYTES = 16 * 1024 * 1024
const NDJSON_TYPE = 'application/x-ndjson'

const resultSchema = z
  .union([
    z.strictObject({ id: eventIdSchema, duplicate: z.boolean() }),
    z.strictObject({ problem: problemSchema }),
  ])
  .meta({ id: 'BatchResult' })

type Result = { id: string; duplicate: boolean } | { problem: Problem }

export function publishBatchRoute(deps: PublishDeps): Route {
  return leanRoute({
    method: 'POST',
    path: '/v1/events/batch',
    summary: 'Publish up to 1,000 events',
    description:
      'A JSON array, or NDJSON with one event a line, up to 16 MiB. Each entry has a result of its own, in ' +
      'order; a bad entry harms no other. When Redis took none of them the whole answer is a 503.',
    tag: 'Events',
    role: 'publisher',
    body: z.array(publishDocSchema).max(MAX_ENTRIES),
    bodyMediaTypes: [NDJSON_TYPE],
    bodyExample: [{ type: 'user.created', data: { id: 'u_1' } }],
    responses: {
      202: {
        description: 'Every entry was judged',
        schema: z.strictObject({ results: z.array(resultSchema) }).meta({ id: 'BatchResults' }),
      },
    },
    problems: ['redis_full', 'durability_unavailable'],
    lean: (request, response, state) => publishBatch(deps, request, response, state),
  })
}

async function publishBatch(
  deps: PublishDeps,
  request: IncomingMessage,
  response: ServerResponse,
  state: RequestState,
): Promise<void> {
  const principal = await publisher(deps.authenticator, request, state)
  const entries = await readEntries(request)
  const publishing: Promise<Result>[] = []
  for (const bytes of entries) {
    publishing.push(publishEntry(deps, bytes, principal, state))
    // Reading a large batch in one go would keep everybody else, and Redis' answers, waiting.
    if (publishing.length % ENTRIES_AT_ONCE === 0) await nextTurn()
  }
  const results = await Promise.all(publishing)
  state.events = results.flatMap((result) => ('id' in result ? [result.id] : []))
  state.refused = results.length - state.events.length
  const [first] = results
  if (first && results.every((result) => 'problem' in result && result.problem.status === 503)) {
    throw new ProblemError((first as { problem: Problem }).problem.code)
  }
  respond(response, { status: 202, body: { results } })
}

async function readEntries(request: IncomingMessage): Promise<Buffer[]> {
  requireNoQuery(request.url ?? '')
  const type = mediaType(request, [JSON_TYPE, NDJSON_TYPE])
  if (type === undefined) {
    const detail = `Send a content-type of ${JSON_TYPE} or ${NDJSON_TYPE}.`
    throw new ProblemError('unsupported_media_type', detail)
  }
  if (request.headers['idempotency-key'] !== undefined) {
    const message = 'Is for single events; give each event of a batch an id'
    throw inputProblem('Idempotency-Key', message)
  }
  const bytes = await readBody(request, MAX_BYTES)
  const entries = type === NDJSON_TYPE ? splitLines(bytes, MAX_ENTRIES) : arrayEntries(bytes)
  if (entries.length > MAX_ENTRIES) {
    throw new ProblemError('payload_too_large', `A batch has at most ${MAX_ENTRIES} entries.`)
  }
  return entries
}

/** A syntax error in one entry of an array is one of the whole body; of NDJSON it is that line's. */
function arrayEntries(bytes: Buffer): Buffer[] {
  try {
    const entries = splitArray(bytes, MAX_ENTRIES)
    if (entries.length <= MAX_ENTRIES) for (const entry of entries) JSON.parse(entry.toString())
    return entries
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new ProblemError('malformed_json', 'The body is not valid JSON.', { cause: error })
    }
    throw malformed(error)
  }
}

async function publishEntry(
  deps: PublishDeps,
  bytes: Buffer,
  principal: Principal,
  state: RequestState,
): Promise<Result> {
  try {
    const event = readEvent(bytes, principal, deps.maxEventBytes)
    const { id, duplicate } = await publishWithin(deps, state.span, event)
    eventsPublished.inc({ result: duplicate ? 'duplicate' : 'accepted' })
    return { id, duplicate }
  } catch (error) {
    countRefusal(error)
    return { problem: problemBody(asProblem(error), state.requestId) }
  }
}
