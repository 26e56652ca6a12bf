import type { DeliveryStatus, EventView } from 'posthorn'

/** Why an event made no delivery, in words that say what to do. */
export const UNMATCHED: Record<NonNullable<EventView['unmatchedReason']>, string> = {
  no_webhooks: 'Its tenant had no webhook when it was published.',
  no_type: 'No webhook of its tenant wants this event type.',
  disabled: 'Every webhook that wants this event type was disabled.',
  filtered: 'Every webhook that wants this event type filtered it out.',
}

/** How many deliveries are in each status, the worst first. */
export function tally(
  deliveries: readonly { readonly status: DeliveryStatus }[],
): [DeliveryStatus, number][] {
  const order: DeliveryStatus[] = [
    'dead',
    'retrying',
    'parked',
    'pending',
    'cancelled',
    'delivered',
  ]
  return order
    .map((status): [DeliveryStatus, number] => [
      status,
      deliveries.filter((delivery) => delivery.status === status).length,
    ])
    .filter(([, number]) => number > 0)
}
