import type { DeliveryRef } from '../delivery/id.ts'

/**
 * A place in a list that is ordered newest first: by time, then event, then webhook, all descending.
 * Without a webhook it is the place of a whole event.
 */
export interface Place {
  readonly atMs: number
  /** `<tenant>/<event>` */
  readonly event: string
  readonly webhookId?: string
}

/** Negative when `a` comes first. An event comes before its deliveries. */
export function comparePlaces(a: Place, b: Place): number {
  return b.atMs - a.atMs || descending(a.event, b.event) || compareWebhooks(a, b)
}

function compareWebhooks(a: Place, b: Place): number {
  if (a.webhookId === undefined || b.webhookId === undefined) {
    return Number(a.webhookId !== undefined) - Number(b.webhookId !== undefined)
  }
  return descending(a.webhookId, b.webhookId)
}

const descending = (a: string, b: string) => (a < b ? 1 : a > b ? -1 : 0)

/** Whether a candidate may hold something beyond the place: an event does while it is passed through. */
export function mayFollow(candidate: Place, after: Place): boolean {
  if (comparePlaces(candidate, after) > 0) return true
  return (
    candidate.webhookId === undefined &&
    after.webhookId !== undefined &&
    candidate.event === after.event
  )
}

export const eventPlace = (event: {
  tenant: string
  eventId: string
  createdMs: number
}): Place => ({
  atMs: event.createdMs,
  event: `${event.tenant}/${event.eventId}`,
})

/** The delivery at a place that names its webhook. */
export const deliveryOf = (place: Place): DeliveryRef => ({
  ...eventOf(place),
  webhookId: place.webhookId as string,
})

export function eventOf(place: Place): { tenant: string; eventId: string } {
  const slash = place.event.indexOf('/')
  return { tenant: place.event.slice(0, slash), eventId: place.event.slice(slash + 1) }
}
