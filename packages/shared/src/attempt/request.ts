import type { KeyObject } from 'node:crypto'
import { type EventContent, encode } from '../format/encode.ts'
import type { Format } from '../format/format.ts'
import { STANDARD_HEADER, signatureHeader } from '../signature/header.ts'
import type { Signature } from '../signature/scheme.ts'
import { VERSION } from './version.ts'

/** What of a webhook a request needs. */
export interface Recipient {
  readonly id: string
  readonly config: { readonly format?: Format; readonly signature?: Signature }
  /** Keys of the secrets that live at that time, newest first. */
  signingKeys(nowMs: number): readonly KeyObject[]
  /** The webhook's own headers, decrypted; they passed checkCustomHeaders when they were written. */
  readonly headers: readonly (readonly [string, string])[]
}

export interface RequestInput {
  readonly event: EventContent
  /** Of the event, which its deliveries share (`standardBody`). */
  readonly standardBody: Buffer
  readonly deliveryId: string
  /** Number of the attempt over all rounds, from 1. */
  readonly number: number
  readonly webhook: Recipient
  /** Time of the attempt; the receiver compares it with its own clock. */
  readonly nowMs: number
  /** Context of the attempt's trace, for a webhook that wants it. */
  readonly traceparent?: string | undefined
}

/** Headers of one attempt as undici takes them cheapest (name, value, name, value), and its body. */
export function buildRequest(input: RequestInput): { headers: string[]; body: Buffer } {
  const { event, webhook, nowMs, traceparent } = input
  const { format = 'standard', signature } = webhook.config
  const { body, contentType, ...more } = encode(format, event, webhook.id, input.standardBody)
  const timestampSeconds = Math.floor(nowMs / 1000)
  const keys = webhook.signingKeys(nowMs)
  const signed = { id: event.id, timestampSeconds, body, keys }
  const headers = [
    'content-type',
    contentType,
    'user-agent',
    USER_AGENT,
    'webhook-id',
    event.id,
    'webhook-timestamp',
    String(timestampSeconds),
    ...signatureHeader(signature, signed),
    'posthorn-event-type',
    event.type,
    'posthorn-delivery-id',
    input.deliveryId,
    'posthorn-attempt',
    String(input.number),
    ...more.headers,
  ]
  if (traceparent !== undefined) headers.push(TRACEPARENT, traceparent)
  for (const [name, value] of webhook.headers) headers.push(name, value)
  return { headers, body }
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
  'ce-specversion',
  'ce-id',
  'ce-source',
  'ce-type',
  'ce-time',
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
  if (name !== STANDARD_HEADER) return MASK
  return value.replaceAll(/(v1a?),[^ ]+/g, `$1,${MASK}`)
}
