import type { StateChar } from '../delivery/state.ts'
import type { LoggedAttempt, TransitionLog } from '../delivery/transition.ts'

/**
 * The feed of the history: one stream per shard (`logKey`), written by the scripts that write the
 * record, read by the indexer and by the live stream, trimmed once indexed. An entry has one field,
 * `v`, because reading costs by the field (measured: 2 instead of 7 µs in process for each entry):
 *
 *   f <tenant> <event> <type> <acceptance in ms> <webhook ids joined by commas>
 *       a fan-out was recorded; the last part is empty when nothing matched
 *   d <tenant> <event> <type> <acceptance in ms> <1 or 0> <JSON array of transitions>
 *       deliveries changed; 1 when the event now has nothing open or dead
 *
 * A transition is `[old, webhook, new, round, made, atMs, extra]`: old and new are state chars (old
 * is '' for a delivery that a replay added), extra is `{reason?, attempt?}`. Leases are not told:
 * a delivery may come from `l` although nothing said that it went there.
 */
export interface FanOutEntry extends EntryHead {
  readonly kind: 'fan-out'
  readonly webhookIds: readonly string[]
}

export interface TransitionsEntry extends EntryHead {
  readonly kind: 'transitions'
  readonly transitions: readonly Transition[]
  readonly finished: boolean
}

interface EntryHead {
  /** Id in the stream. */
  readonly id: string
  readonly tenant: string
  readonly eventId: string
  readonly type: string
  readonly createdMs: number
}

export interface Transition {
  readonly from: StateChar | ''
  readonly webhookId: string
  readonly to: StateChar
  readonly atMs: number
  readonly attempt?: LoggedAttempt
}

export type LogEntry = FanOutEntry | TransitionsEntry

/** A stream entry as Redis answers it: id, then its one field and the value. */
export type RawEntry = readonly [id: string, fields: readonly string[]]

type StoredTransition = [
  old: StateChar | '',
  webhookId: string,
  to: StateChar,
  round: number,
  made: number,
  atMs: number,
  extra: TransitionLog,
]

const HEAD_PARTS = 5

/** The writers are ours, so nothing is validated: this runs once or twice for every delivery. */
export function decodeEntry([id, [, text = '']]: RawEntry): LogEntry {
  const parts: string[] = []
  let from = 0
  for (let i = 0; i < HEAD_PARTS; i++) {
    const to = text.indexOf(' ', from)
    parts.push(text.slice(from, to))
    from = to + 1
  }
  const [kind, tenant = '', eventId = '', type = '', created] = parts
  const head = { id, tenant, eventId, type, createdMs: Number(created) }
  const rest = text.slice(from)
  return kind === 'f' ? fanOut(head, rest) : transitions(head, rest[0] === '1', rest.slice(2))
}

const fanOut = (head: EntryHead, ids: string): LogEntry => ({
  kind: 'fan-out',
  ...head,
  webhookIds: ids === '' ? [] : ids.split(','),
})

const transitions = (head: EntryHead, finished: boolean, json: string): LogEntry => ({
  kind: 'transitions',
  ...head,
  finished,
  transitions: (JSON.parse(json) as StoredTransition[]).map(toTransition),
})

function toTransition([from, webhookId, to, , , atMs, extra]: StoredTransition): Transition {
  return { from, webhookId, to, atMs, ...(extra.attempt ? { attempt: extra.attempt } : {}) }
}

/** When an entry was written, in Redis time. */
export const entryMs = (id: string): number => Number(id.slice(0, id.indexOf('-')))

/** Orders stream ids. */
export function compareIds(a: string, b: string): number {
  const byMs = entryMs(a) - entryMs(b)
  return byMs || Number(a.slice(a.indexOf('-') + 1)) - Number(b.slice(b.indexOf('-') + 1))
}
