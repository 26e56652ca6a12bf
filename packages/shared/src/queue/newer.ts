import { DEAD_LETTERS, DELIVERIES, EVENTS, type QueueName } from './queues.ts'

/** The version of the payloads in `queues.ts`. A change that an older worker must not run raises it. */
export const SCHEMA_VERSION = 1

const KINDS: Readonly<Record<QueueName, readonly string[]>> = {
  [EVENTS]: ['batch', 'part'],
  [DELIVERIES]: ['wake', 'task'],
  [DEAD_LETTERS]: ['dead-letter'],
}

/**
 * What a job is that a newer Posthorn has added, e.g. `batch v2`; undefined for one that this one should
 * know. Such a job is not damaged: it waits for a newer worker, while old and new ones run side by side.
 */
export function newerSchema(queue: QueueName, data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { v, kind } = data as { v?: unknown; kind?: unknown }
  if (!Number.isSafeInteger(v) || typeof kind !== 'string') return undefined
  const version = v as number
  const isUnknown = version > SCHEMA_VERSION || (version > 0 && !KINDS[queue].includes(kind))
  return isUnknown ? `${kind.slice(0, 40)} v${version}` : undefined
}
