import type { NewEvent, Published } from '../api/schema.ts'
import { call } from '../request/call.ts'
import type { CallOptions, Connection } from '../request/connection.ts'
import { entryOf, isDuplicate } from './entry.ts'

/**
 * Publishes one event, again and again under one id until there is an answer or the deadline has come.
 *
 * A 409 says that the id stands for another event, whichever try meets it: nothing of this one was
 * taken, so it is thrown like any other problem.
 * @throws PosthornError with `eventId`; with it the event may be published again, also by another process
 */
export async function publish(
  connection: Connection,
  event: NewEvent,
  options: CallOptions = {},
): Promise<Published> {
  const entry = entryOf(event)
  const request = { method: 'POST', path: '/v1/events', body: entry.text } as const
  const parts = { ...options, repeatable: 'always', eventId: entry.id } as const
  const published = (await call(connection, request, parts)).body as Published
  return { ...published, duplicate: isDuplicate(published.duplicate, entry) }
}
