import { createHmac } from 'node:crypto'
import type { DeliveryJob } from '../queues.ts'

const TIMEOUT_MS = 15_000

/** @returns the status of the answer */
export async function send({ eventId, webhook, body }: DeliveryJob): Promise<number> {
  const timestamp = Math.floor(Date.now() / 1_000)
  const signature = createHmac('sha256', webhook.secret)
    .update(`${eventId}.${timestamp}.${body}`)
    .digest('base64')
  const answer = await fetch(webhook.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': eventId,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${signature}`,
    },
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  await answer.text()
  return answer.status
}
