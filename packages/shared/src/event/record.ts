import { hash } from 'node:crypto'

/** A repeated publish is recognised for this long after the event's acceptance: 24 h, and a margin. */
export const DEDUPE_MS = 25 * 60 * 60 * 1_000

/** An accepted event as it is stored. `data` holds the producer's bytes, unchanged. */
export interface EventRecord {
  readonly id: string
  readonly tenant: string
  readonly type: string
  /** RFC 3339, as it goes to subscribers. */
  readonly timestamp: string
  readonly labels?: Readonly<Record<string, string>>
  readonly data: Buffer
  /** Acceptance, in Redis time. */
  readonly createdMs: number
  readonly contentHash: string
  /** Name of the batch job that carries the event; chosen before the record is written. */
  readonly job: string
  /** Context of the trace in which it was published, as `traceparent`; only when there is one. */
  readonly trace?: string
  /** The history has dropped the payload; what is left only recognises a repeated publish. */
  readonly done?: true
}

interface RecordHeader {
  type: string
  timestamp: string
  created: number
  labels?: Record<string, string>
  hash: string
  job: string
  trace?: string
  done?: true
}

const NEWLINE = 0x0a

/** One header line of JSON (which has no newline of its own), then the raw bytes of `data`. */
export function encodeRecord(record: EventRecord): Buffer {
  const header: RecordHeader = {
    type: record.type,
    timestamp: record.timestamp,
    created: record.createdMs,
    hash: record.contentHash,
    job: record.job,
    ...(record.labels ? { labels: record.labels } : {}),
    ...(record.trace === undefined ? {} : { trace: record.trace }),
    ...(record.done ? { done: true } : {}),
  }
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), record.data])
}

/** @throws SyntaxError when the stored bytes are not a record */
export function decodeRecord(tenant: string, id: string, bytes: Buffer): EventRecord {
  const end = bytes.indexOf(NEWLINE)
  const header = JSON.parse(bytes.toString('utf8', 0, end)) as RecordHeader
  return {
    id,
    tenant,
    type: header.type,
    timestamp: header.timestamp,
    createdMs: header.created,
    contentHash: header.hash,
    job: header.job,
    data: bytes.subarray(end + 1),
    ...(header.labels ? { labels: header.labels } : {}),
    ...(header.trace === undefined ? {} : { trace: header.trace }),
    ...(header.done ? { done: true } : {}),
  }
}

/**
 * What makes two publishes the same: type, bytes of data, labels, and the timestamp if the producer
 * gave one. 128 bits of SHA-256, base64url.
 */
export function contentHash(content: {
  type: string
  data: Buffer
  labels?: Readonly<Record<string, string>> | undefined
  timestamp?: string | undefined
}): string {
  const labels = content.labels
    ? Object.entries(content.labels).sort(([a], [b]) => (a < b ? -1 : 1))
    : []
  const head = Buffer.from(JSON.stringify([content.type, content.timestamp ?? null, labels]))
  return hash('sha256', Buffer.concat([head, content.data]), 'base64url').slice(0, 22)
}
