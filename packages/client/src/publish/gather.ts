import type { NewEvent } from '../api/schema.ts'
import { type Entry, entryOf } from './entry.ts'
import { Turns } from './turns.ts'

/** What one request holds at the most; the API takes 1,000 entries and 16 MiB. */
export interface BatchLimits {
  readonly maxEntries: number
  readonly maxBytes: number
  /** How long an entry waits for the next one before it is sent without it. */
  readonly lingerMs: number
}

export const BATCH_LIMITS: BatchLimits = {
  maxEntries: 1_000,
  // A quarter of what is taken: the answer comes sooner, and less is repeated.
  maxBytes: 4 * 1024 * 1024,
  lingerMs: 50,
}

const encoder = new TextEncoder()
const NEWLINE_BYTES = 1

/**
 * The entries of a source in batches that keep its order. Never more than one batch is held. What was
 * taken from a source that then fails is given out first, and its failure thrown afterwards.
 */
export async function* gather(
  source: Iterable<NewEvent> | AsyncIterable<NewEvent>,
  { maxEntries, maxBytes, lingerMs }: BatchLimits,
): AsyncGenerator<readonly Entry[], void, undefined> {
  const turns = new Turns(source)
  let batch: Entry[] = []
  let bytes = 0
  try {
    for (;;) {
      const turn = await turns.next(batch.length === 0 ? undefined : lingerMs)
      if (turn.kind === 'value') {
        const entry = entryOf(turn.value)
        const size = encoder.encode(entry.text).length + NEWLINE_BYTES
        if (batch.length > 0 && (batch.length === maxEntries || bytes + size > maxBytes)) {
          yield batch
          batch = []
          bytes = 0
        }
        batch.push(entry)
        bytes += size
        continue
      }
      if (batch.length > 0) yield batch
      batch = []
      bytes = 0
      if (turn.kind === 'end') return
    }
  } catch (error) {
    if (batch.length > 0) yield batch
    throw error
  } finally {
    await turns.leave()
  }
}
