import type { Delivery, EventView } from '../../harness/shapes.ts'
import { schedule } from '../../harness/tenant.ts'
import { inParallel, waitFor } from '../../harness/wait.ts'
import { type Fault, outcomeOf } from '../fault.ts'
import { Field, TENANT } from '../field/field.ts'
import { eventId } from '../load/events.ts'
import { publishOne } from '../load/one.ts'
import { Random } from '../random.ts'

/** Each of the three may open a round of its own. */
const REQUESTS_MORE = 2

/** Dead deliveries are redriven, replayed and retried at the same moment: each goes out, none is lost. */
export const reopenAtOnce: Fault = {
  name: 'reopen-at-once',
  what: 'a redrive, a replay and a retry of the same delivery at once',
  full: { events: 200, strikes: 200 },
  async run({ strikes }, seed) {
    const subscriptions = [
      { name: 'every', eventTypes: ['*'], expects: () => true, behaviour: { status: 500 } },
    ]
    const field = await Field.open(new Random(seed), { workers: 2, subscriptions })
    await field.attempt(async () => {
      for (const [id] of field.webhooks) {
        const body = { retryPolicy: schedule(0.1), circuitBreaker: { enabled: false } }
        await field.client.need(200, 'PATCH', `/v1/webhooks/${id}`, { body })
      }
      const numbers: number[] = []
      for (let i = 0; i < strikes; i++) numbers.push(await publishOne(field))
      const dead = await deadOnes(field, numbers)
      await field.receiver.subscriber('/every', {})
      await inParallel(dead, 8, (delivery) => reopen(field, delivery))
    })
    // What was opened again while another request for it was in the air.
    field.disturbances.push({ fromMs: 0, untilMs: Number.POSITIVE_INFINITY })
    return await outcomeOf(field, { runs: strikes, duplicateBound: strikes * REQUESTS_MORE })
  },
}

async function deadOnes(field: Field, numbers: readonly number[]): Promise<Delivery[]> {
  return await inParallel(numbers, 8, (n) =>
    waitFor(
      async () => {
        const event = await field.client.get<EventView>(`/v1/events/${eventId(n)}`, {
          tenant: TENANT,
        })
        const [only] = event.deliveries
        const delivery = await field.client.get<Delivery>(`/v1/deliveries/${only?.id}`)
        return delivery.status === 'dead' ? delivery : undefined
      },
      { what: `${eventId(n)} to be dead`, timeoutMs: 60_000 },
    ),
  )
}

async function reopen(field: Field, { id, event }: Delivery): Promise<void> {
  const [one, other] = [field.client, field.clients[1] ?? field.client]
  await Promise.all([
    one.post(202, '/v1/dead-letters/redrive', { ids: [id] }),
    other.post(202, `/v1/events/${event}/replay`, {}, { tenant: TENANT }),
    one.post(202, `/v1/deliveries/${id}/retry`),
  ])
}
