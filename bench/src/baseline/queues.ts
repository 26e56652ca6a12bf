// The baseline: what a user writes in an afternoon with BullMQ's documentation open. It keeps to the
// defaults of every library and leaves out what Posthorn is for (isolation, leases, dead letters…).

export interface Webhook {
  readonly id: string
  readonly url: string
  readonly secret: string
}

export interface EventJob {
  readonly id: string
  readonly type: string
  readonly data: unknown
}

export interface DeliveryJob {
  readonly eventId: string
  readonly webhook: Webhook
  readonly body: string
}

export const connection = { url: process.env.REDIS_URL ?? '' }
export const webhooksKey = (type: string): string => `webhooks:${type}`
export const attemptsKey = (eventId: string): string => `attempts:${eventId}`
