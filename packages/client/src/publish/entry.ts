import type { NewEvent } from '../api/schema.ts'

/** An event as it is sent: its id, and the bytes that every try repeats. */
export interface Entry {
  readonly id: string
  /** One line of JSON. */
  readonly text: string
  /** Whether nobody but this call can have used the id. */
  readonly isOwnId: boolean
}

/**
 * Writes an event down once. Without an id it gets one: a try whose answer is lost may have been taken,
 * and only under the same id, with the same bytes, is the next one no second event.
 * @throws TypeError for what JSON cannot say, e.g. a BigInt
 */
export function entryOf(event: NewEvent): Entry {
  const id = event.id ?? `evt_${crypto.randomUUID()}`
  return { id, text: JSON.stringify({ ...event, id }), isOwnId: event.id === undefined }
}

/**
 * Whether the event had been there before this call. A second try finds what the first one left: with
 * an id of the call's own that is no duplicate.
 */
export function isDuplicate(answered: boolean, { isOwnId }: Entry): boolean {
  return answered && !isOwnId
}
