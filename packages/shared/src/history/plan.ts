import {
  eventListKey,
  finishedKey,
  historyTenantsKey,
  type Shard,
  stateHoldersKey,
  stateListKey,
  webhookListKey,
} from '../queue/keys.ts'
import { encodeChunks, type ListedEvent, secondOf } from './chunk.ts'
import { encodeFinished } from './finished.ts'
import { entryOf } from './grouping.ts'
import { entryMs, type LogEntry, type Transition } from './log.ts'
import { Placements } from './placements.ts'
import { StatsDeltas } from './stats-deltas.ts'
import type { Write } from './step.ts'

type WriteArgs = (string | number)[]

/**
 * What one step of the indexer changes: pure, from log entries to writes. The writes of a step are
 * applied by one script together with the position, so nothing here needs to be idempotent.
 */
export class StepPlan {
  readonly #shard: Shard
  readonly #chunks = new Map<string, Map<number, ListedEvent[]>>()
  readonly #placements = new Placements()
  readonly #finished: string[] = []
  readonly #tenants = new Set<string>()
  readonly stats = new StatsDeltas()
  #size = 0

  constructor(shard: Shard) {
    this.#shard = shard
  }

  /** Roughly the commands that the step will take, so that a step can be kept short. */
  get size(): number {
    return this.#size
  }

  add(entry: LogEntry): void {
    const event = { tenant: entry.tenant, eventId: entry.eventId, createdMs: entry.createdMs }
    if (entry.kind === 'fan-out') {
      this.#list(event, entry.type)
      for (const webhookId of entry.webhookIds) this.#born(event, webhookId, event.createdMs)
      if (entry.webhookIds.length === 0) this.#finish(entry)
      this.#size += 1 + entry.webhookIds.length
    } else {
      for (const transition of entry.transitions) this.#transition(event, transition)
      if (entry.finished) this.#finish(entry)
      this.#size += entry.transitions.length
    }
  }

  /** The writes of all lists; counters are for the caller, who knows what they stood at. */
  *writes(): Iterable<Write> {
    for (const [key, seconds] of this.#chunks) {
      const args: (string | number)[] = []
      for (const [second, events] of seconds) {
        for (const chunk of encodeChunks(events)) args.push(second, chunk)
      }
      yield { command: 'ZADD', key, args }
    }
    yield* this.#stateWrites()
    if (this.#tenants.size > 0) {
      const args = [...this.#tenants].flatMap((tenant) => [0, tenant])
      yield { command: 'ZADD', key: historyTenantsKey(this.#shard), args }
    }
    if (this.#finished.length > 0) {
      yield { command: 'RPUSH', key: finishedKey(this.#shard), args: this.#finished }
    }
  }

  *#stateWrites(): Iterable<Write> {
    const enter = new Map<string, WriteArgs>()
    const leave = new Map<string, WriteArgs>()
    const holders = new Map<string, { list: string; member: string }>()
    for (const { tenant, eventId, webhookId, list, score } of this.#placements.changes()) {
      const key = stateListKey(this.#shard, webhookId, list)
      const member = `${tenant}/${eventId}`
      if (score === null) entryOf(leave, key, () => []).push(member)
      else entryOf(enter, key, () => []).push(score, member)
      holders.set(key, { list, member: `${tenant}/${webhookId}` })
    }
    for (const [key, args] of leave) yield { command: 'ZREM', key, args }
    for (const [key, args] of enter) yield { command: 'ZADD', key, args }
    for (const [key, { list, member }] of holders) {
      yield { command: 'HOLD', key: stateHoldersKey(this.#shard, list), args: [member, key] }
    }
  }

  #list(event: ListedEvent, type: string): void {
    this.#tenants.add(event.tenant)
    this.#chunk(eventListKey(this.#shard), event)
    this.#chunk(eventListKey(this.#shard, event.tenant), event)
    this.#chunk(eventListKey(this.#shard, event.tenant, type), event)
  }

  #born(event: ListedEvent, webhookId: string, atMs: number): void {
    this.#chunk(webhookListKey(this.#shard, webhookId), event)
    this.#placements.move({ ...event, webhookId }, '', 'p', atMs)
  }

  #transition(event: ListedEvent, { webhookId, from, to, atMs, attempt }: Transition): void {
    if (from === '') this.#born(event, webhookId, atMs)
    else this.#placements.move({ ...event, webhookId }, from, to, atMs)
    this.stats.count({ tenant: event.tenant, webhookId }, to, attempt, atMs)
  }

  #finish({ id, tenant, eventId }: LogEntry): void {
    this.#finished.push(encodeFinished({ finishedMs: entryMs(id), tenant, eventId }))
  }

  #chunk(key: string, event: ListedEvent): void {
    const seconds = entryOf(this.#chunks, key, () => new Map<number, ListedEvent[]>())
    entryOf(seconds, secondOf(event.createdMs), (): ListedEvent[] => []).push(event)
  }
}
