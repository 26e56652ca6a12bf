import { setTimeout as sleep } from 'node:timers/promises'
import { decodeEntry, type LogEntry, type RawEntry } from '@posthorn/shared/history/log.ts'
import { LOG_START } from '@posthorn/shared/history/step.ts'
import { logKey, type Shard } from '@posthorn/shared/queue/keys.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'

export interface TailDeps {
  readonly shards: readonly Shard[]
  /** A connection of the tail's own, which blocks. It is disconnected when nobody listens any more. */
  readonly connect: () => RedisClient
}

export type TailListener = (entry: LogEntry) => void

const BLOCK_MS = 1_000
const READ_ENTRIES = 500
const TRY_AGAIN_MS = 500

/**
 * What is written to the logs of all shards, as it is written, for any number of listeners. Reads only
 * while there is one. While Redis is away nothing is told; what happens meanwhile follows once it is
 * back, as far as the logs reach.
 */
export class LogTail {
  readonly #deps: TailDeps
  readonly #listeners = new Set<TailListener>()
  #reading: { readonly started: Promise<unknown>; stop(): void } | undefined

  constructor(deps: TailDeps) {
    this.#deps = deps
  }

  /** Resolves once everything that is written from then on will be told. Call the answer to leave. */
  async listen(listener: TailListener): Promise<() => void> {
    this.#listeners.add(listener)
    this.#reading ??= this.#read()
    const leave = () => this.#leave(listener)
    try {
      await this.#reading.started
    } catch (error) {
      leave()
      throw error
    }
    return leave
  }

  #leave(listener: TailListener): void {
    this.#listeners.delete(listener)
    if (this.#listeners.size > 0) return
    this.#reading?.stop()
    this.#reading = undefined
  }

  #read() {
    const stopping = new AbortController()
    const readers = this.#deps.shards.map((shard) => {
      const redis = this.#deps.connect()
      stopping.signal.addEventListener('abort', () => redis.disconnect())
      const start = lastId(redis, shard)
      // Whoever listens learns of a failed start; here only the reading ends.
      start.then((from) => this.#follow(redis, shard, from, stopping.signal)).catch(() => undefined)
      return start
    })
    return { started: Promise.all(readers), stop: () => stopping.abort() }
  }

  async #follow(
    redis: RedisClient,
    shard: Shard,
    from: string,
    stopping: AbortSignal,
  ): Promise<void> {
    let position = from
    while (!stopping.aborted) {
      try {
        for (const entry of await readAfter(redis, shard, position)) {
          position = entry[0]
          this.#tell(decodeEntry(entry))
        }
      } catch {
        if (!stopping.aborted) await sleep(TRY_AGAIN_MS)
      }
    }
  }

  #tell(entry: LogEntry): void {
    for (const listener of this.#listeners) listener(entry)
  }
}

async function lastId(redis: RedisClient, shard: Shard): Promise<string> {
  const [last] = (await redis.xrevrange(logKey(shard), '+', '-', 'COUNT', 1)) as RawEntry[]
  return last?.[0] ?? LOG_START
}

async function readAfter(
  redis: RedisClient,
  shard: Shard,
  position: string,
): Promise<readonly RawEntry[]> {
  const answer = (await redis.xread(
    'COUNT',
    READ_ENTRIES,
    'BLOCK',
    BLOCK_MS,
    'STREAMS',
    logKey(shard),
    position,
  )) as [key: string, entries: RawEntry[]][] | null
  return answer?.[0]?.[1] ?? []
}
