import type { KeyObject } from 'node:crypto'
import { sign } from '../signature/standard.ts'
import { VERSION } from './version.ts'

/** What of a webhook a request needs. */
export interface Recipient {
  /** Keys of the secrets that live at that time, newest first; each signs. */
  signingKeys(nowMs: number): readonly KeyObject[]
  /** The webhook's own headers, decrypted; they passed checkCustomHeaders when they were written. */
  readonly headers: readonly (readonly [string, string])[]
}

export interface RequestInput {
  readonly eventId: string
  readonly type: string
  readonly deliveryId: string
  /** Number of the attempt over all rounds, from 1. */
  readonly number: number
  readonly webhook: Recipient
  /** Time of the attempt; the receiver compares it with its own clock. */
  readonly nowMs: number
  readonly body: Buffer
  /** Context of the attempt's trace, for a webhook that wants it. */
  readonly traceparent?: string | undefined
}

/** What a subscriber reads of an event; `data` holds the bytes that were published. */
export interface EventContent {
  readonly type: string
  /** RFC 3339. */
  readonly timestamp: string
  readonly data: Buffer
}

const AFTER_DATA = Buffer.from('}')

/** `{"type":…,"timestamp":…,"data":…}`. `data` goes in as bytes: parsing it would respell numbers. */
export function eventBody({ type, timestamp, data }: EventContent): Buffer {
  const head = `{"type":${JSON.stringify(type)},"timestamp":${JSON.stringify(timestamp)},"data":`
  return Buffer.concat([Buffer.from(head), data, AFTER_DATA])
}

/** Headers of one attempt as undici takes them cheapest: name, value, name, value. */
export function buildHeaders(input: RequestInput): string[] {
  const { eventId, webhook, nowMs, body, traceparent } = input
  const timestampSeconds = Math.floor(nowMs / 1000)
  const headers = [
    'content-type',
    'application/json',
    'user-agent',
    USER_AGENT,
    'webhook-id',
    eventId,
    'webhook-timestamp',
    String(timestampSeconds),
    'webhook-signature',
    sign(eventId, timestampSeconds, body, webhook.signingKeys(nowMs)),
    'posthorn-event-type',
    input.type,
    'posthorn-delivery-id',
    input.deliveryId,
    'posthorn-attempt',
    String(input.number),
  ]
  if (traceparent !== undefined) headers.push(TRACEPARENT, traceparent)
  for (const [name, value] of webhook.headers) headers.push(name, value)
  return headers
}

/** https://www.w3.org/TR/trace-context/ */
const TRACEPARENT = 'traceparent'
const USER_AGENT = `Posthorn/${VERSION}`
const MASK = '***'

/** Headers of ours whose values may be shown. All others, custom ones too, are secrets. */
const SHOWN = new Set([
  'content-type',
  'user-agent',
  'webhook-id',
  'webhook-timestamp',
  'posthorn-event-type',
  'posthorn-delivery-id',
  'posthorn-attempt',
  TRACEPARENT,
])

/** The headers of a request as the attempt log may keep them: the signature's version, no values. */
export function maskedHeaders(headers: readonly string[]): [string, string][] {
  const masked: [string, string][] = []
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] as string
    masked.push([name, shownValue(name, headers[i + 1] as string)])
  }
  return masked
}

function shownValue(name: string, value: string): string {
  if (SHOWN.has(name)) return value
  if (name !== 'webhook-signature') return MASK
  return value.replaceAll(/v1,[^ ]+/g, `v1,${MASK}`)
}
