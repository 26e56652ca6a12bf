import type { NewEvent } from '../api/schema.ts'
import type { CallOptions, Connection } from '../request/connection.ts'
import { PosthornError } from '../request/problem.ts'
import type { BatchResult } from './batch-result.ts'
import { BATCH_LIMITS, type BatchLimits, gather } from './gather.ts'
import { sendBatch } from './send-batch.ts'

/** Time limits are those of each batch. */
export interface BatchOptions extends CallOptions, Partial<BatchLimits> {}

export type Events = Iterable<NewEvent> | AsyncIterable<NewEvent>

/**
 * Publishes any number of events, and tells what became of each, in order. One batch is in the air at a
 * time, so what is published keeps its order as long as nothing has to be repeated.
 */
export async function* publishStream(
  connection: Connection,
  events: Events,
  options: BatchOptions = {},
): AsyncGenerator<BatchResult, void, undefined> {
  const { maxEntries, maxBytes, lingerMs, ...callOptions } = options
  const limits = {
    maxEntries: maxEntries ?? BATCH_LIMITS.maxEntries,
    maxBytes: maxBytes ?? BATCH_LIMITS.maxBytes,
    lingerMs: lingerMs ?? BATCH_LIMITS.lingerMs,
  }
  for await (const batch of gather(events, limits)) {
    yield* await sendBatch(connection, batch, callOptions)
  }
}

/** What had become of the entries before the call failed. */
export class PosthornBatchError extends PosthornError {
  override readonly name = 'PosthornBatchError'
  readonly results: readonly BatchResult[]

  constructor(results: readonly BatchResult[], cause: unknown) {
    const said = cause instanceof Error ? cause.message : String(cause)
    const tries = cause instanceof PosthornError ? cause.tries : 0
    super(`after ${results.length} results: ${said}`, { tries }, { cause })
    this.results = results
  }
}

/** @throws PosthornBatchError with the results so far, and with the reason as its `cause` */
export async function publishBatch(
  connection: Connection,
  events: Events,
  options?: BatchOptions,
): Promise<BatchResult[]> {
  const results: BatchResult[] = []
  try {
    for await (const result of publishStream(connection, events, options)) results.push(result)
  } catch (error) {
    throw new PosthornBatchError(results, error)
  }
  return results
}
