import { hash } from 'node:crypto'
import type { NewEvent } from '@posthorn/shared/event/accept.ts'
import { eventTypeSchema } from '@posthorn/shared/event/schema.ts'
import type { StoredSource } from '@posthorn/shared/source/source.ts'
import type { Arrival, Scheme } from 'posthorn-receiver/schemes'

/** Of what its sender does not name. */
const UNNAMED = 'webhook.received'
const MAX_TYPE = 128

/** The event that a genuine request is. Its data are the bytes as they arrived. */
export function eventOf(source: StoredSource, scheme: Scheme, arrival: Arrival): NewEvent {
  const id = eventId(source.id, scheme.id(arrival), arrival.body)
  return {
    id,
    // The sender's id alone says that it is the same: Stripe's repeats differ in a counter.
    sameness: id,
    type: source.eventType ?? eventType(scheme.type(arrival)),
    tenant: source.tenant,
    data: arrival.body,
    labels: { source: source.id },
  }
}

/**
 * The same for every repeat, so that the rules for repeated publishes hold, from whichever API process
 * and after whatever kill: from the sender's own id of the event, else from its bytes.
 */
function eventId(sourceId: string, vendorId: string | undefined, body: Buffer): string {
  const told = vendorId === undefined ? ['body', hash('sha256', body, 'hex')] : ['id', vendorId]
  return `in_${hash('sha256', JSON.stringify([sourceId, ...told]), 'base64url').slice(0, 32)}`
}

/** The sender's own name of what happened in the spelling of event types: `orders/create` → `orders.create`. */
export function eventType(name: string | undefined): string {
  const words = (name ?? '').split(/[^A-Za-z0-9_-]+/).filter(Boolean)
  const type = words.join('.').slice(0, MAX_TYPE).replace(/\.$/, '')
  return eventTypeSchema.safeParse(type).success ? type : UNNAMED
}
