import { DEFAULT_TENANT } from '../access/tenant.ts'

/** Which delivery: one event of a tenant for one webhook. */
export interface DeliveryRef {
  readonly tenant: string
  readonly eventId: string
  readonly webhookId: string
}

const PREFIX = 'dlv_'
const SEPARATOR = '\0'

/**
 * The id of a delivery, `dlv_` and base64url. It is derived from what it names and can be read back,
 * so no index from ids to deliveries is kept. Opaque to users; safe as a BullMQ job id (no colon,
 * never only digits).
 */
export function deliveryId(ref: DeliveryRef): string {
  const tenant = ref.tenant === DEFAULT_TENANT ? '' : ref.tenant
  const event = ref.eventId.startsWith('evt_') ? `.${ref.eventId.slice(4)}` : ref.eventId
  const text = [tenant, event, ref.webhookId.slice(3)].join(SEPARATOR)
  return PREFIX + Buffer.from(text, 'latin1').toString('base64url')
}

/** The delivery that an id names, or undefined for a text that no delivery could have as its id. */
export function parseDeliveryId(id: string): DeliveryRef | undefined {
  if (!id.startsWith(PREFIX) || id.length > 300) return undefined
  const parts = Buffer.from(id.slice(PREFIX.length), 'base64url')
    .toString('latin1')
    .split(SEPARATOR)
  const [tenant, event, webhook] = parts
  if (parts.length !== 3 || tenant === undefined || event === undefined || !webhook)
    return undefined
  const ref: DeliveryRef = {
    tenant: tenant || DEFAULT_TENANT,
    eventId: event.startsWith('.') ? `evt_${event.slice(1)}` : event,
    webhookId: `wh_${webhook}`,
  }
  // Base64 has several spellings of one text, an id only one.
  const wellFormed =
    TENANT.test(ref.tenant) && EVENT_ID.test(ref.eventId) && WEBHOOK_ID.test(ref.webhookId)
  return wellFormed && deliveryId(ref) === id ? ref : undefined
}

const TENANT = /^[A-Za-z0-9_-]{1,64}$/
const EVENT_ID = /^[A-Za-z0-9_-]{1,64}$/
const WEBHOOK_ID = /^wh_[0-9A-Z]{26}$/

/** The name of the job that wakes one attempt: it is another one for each round and attempt. */
export const wakeUpJobId = (id: string, round: number, attempt: number) =>
  `${id}-${round}-${attempt}`

/** The name of the dead letter of one round. */
export const deadLetterJobId = (id: string, round: number) => `${id}-${round}`
