import { payloads, QUEUE_NAMES, type QueueName, SCHEMA_VERSION } from './queues.ts'

const KINDS = new Map<QueueName, readonly string[]>(
  QUEUE_NAMES.map((queue) => [queue, payloads[queue].options.map(({ shape }) => shape.kind.value)]),
)

/**
 * What a job is that a newer Posthorn has added, e.g. `batch v2`; undefined for one that this one should
 * know. Such a job is not damaged: it waits for a newer worker, while old and new ones run side by side.
 */
export function newerSchema(queue: QueueName, data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { v, kind } = data as { v?: unknown; kind?: unknown }
  if (!Number.isSafeInteger(v) || typeof kind !== 'string') return undefined
  const version = v as number
  const isUnknown = version > SCHEMA_VERSION || (version > 0 && !KINDS.get(queue)?.includes(kind))
  return isUnknown ? `${kind.slice(0, 40)} v${version}` : undefined
}
