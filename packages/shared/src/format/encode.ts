import type { Format } from './format.ts'

/** An event as a subscriber is told of it; `data` holds the bytes that were published. */
export interface EventContent {
  readonly id: string
  readonly tenant: string
  readonly type: string
  /** RFC 3339. */
  readonly timestamp: string
  readonly data: Buffer
}

/** A body, and what of the headers goes with it. */
export interface Encoded {
  readonly body: Buffer
  readonly contentType: string
  /** Flat: name, value, name, value. */
  readonly headers: readonly string[]
}

const JSON_TYPE = 'application/json'
const NO_HEADERS: readonly string[] = []

/** `{"type":…,"timestamp":…,"data":…}`. `data` goes in as bytes: parsing it would respell numbers. */
export const standardBody = ({
  type,
  timestamp,
  data,
}: Pick<EventContent, 'type' | 'timestamp' | 'data'>): Buffer =>
  withData(`{"type":${JSON.stringify(type)},"timestamp":${JSON.stringify(timestamp)},"data":`, data)

const json = (body: Buffer): Encoded => ({ body, contentType: JSON_TYPE, headers: NO_HEADERS })

/**
 * An event in a format. Pure.
 * @param standard the body of `standard`, which the deliveries of an event share
 */
export function encode(
  format: Format,
  event: EventContent,
  webhookId: string,
  standard: Buffer,
): Encoded {
  switch (format) {
    case 'standard':
      return json(standard)
    case 'raw':
      return json(event.data)
    case 'cloudevents':
      return structuredCloudEvent(event)
    case 'cloudevents-binary':
      return binaryCloudEvent(event)
    case 'logto':
      return json(logtoBody(event, webhookId))
  }
}

/** Where an event comes from: a tenant's name needs no escape in a URI. */
const sourceOf = ({ tenant }: EventContent): string => `/tenants/${tenant}`

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md */
function structuredCloudEvent(event: EventContent): Encoded {
  const { id, type, timestamp: time, data } = event
  const attributes = { specversion: '1.0', id, source: sourceOf(event), type, time }
  const head = JSON.stringify({ ...attributes, datacontenttype: JSON_TYPE }).slice(0, -1)
  return {
    body: withData(`${head},"data":`, data),
    contentType: 'application/cloudevents+json; charset=utf-8',
    headers: NO_HEADERS,
  }
}

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md */
function binaryCloudEvent(event: EventContent): Encoded {
  return {
    ...json(event.data),
    headers: [
      ...['ce-specversion', '1.0', 'ce-id', event.id, 'ce-source', sourceOf(event)],
      ...['ce-type', event.type, 'ce-time', event.timestamp],
    ],
  }
}

/**
 * As Logto spells an event: its own members beside those of what happened. What Logto itself sent (by a
 * source) is that already, and goes out as the bytes that came in.
 */
function logtoBody({ type, timestamp, data }: EventContent, hookId: string): Buffer {
  const content = parsed(data)
  if (isObject(content) && typeof content.event === 'string') return data
  const head = JSON.stringify({ hookId, event: type, createdAt: timestamp }).slice(0, -1)
  if (!isObject(content)) return withData(`${head},"data":`, data)
  const isEmpty = Object.keys(content).length === 0
  const members = data.subarray(data.indexOf('{') + 1)
  return Buffer.concat([Buffer.from(isEmpty ? head : `${head},`), members])
}

const withData = (head: string, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from(head), data, CLOSE])

const CLOSE = Buffer.from('}')

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What was published is JSON; what cannot be read any more goes out as it is. */
function parsed(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString())
  } catch {
    return undefined
  }
}
