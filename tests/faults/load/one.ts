import type { Client } from '../../harness/client.ts'
import type { Published } from '../../harness/shapes.ts'
import { waitFor } from '../../harness/wait.ts'
import { type Field, TENANT } from '../field/field.ts'
import { entryOf } from './events.ts'

/** Publishes the next event until it is answered 202. @returns its number */
export async function publishOne(field: Field): Promise<number> {
  const [n = 0] = field.published.claim(1)
  await waitFor(async () => (await publish(field.client, n)).status === 202, {
    what: 'an event to be taken',
  })
  field.published.acknowledge([n])
  return n
}

export const publish = (client: Client, n: number) =>
  client.call<Published>('POST', '/v1/events', { raw: entryOf(TENANT, n) })

/** Publishes until it is told 503: the load may wait for what cannot be delivered. */
export async function refused(field: Field): Promise<void> {
  await waitFor(
    async () => {
      const numbers = field.published.claim(1)
      const { status } = await publish(field.client, numbers[0] ?? 0)
      if (status === 202) field.published.acknowledge(numbers)
      return status === 503
    },
    {
      what: 'a publish to be refused with 503',
      everyMs: 100,
      context: () => field.posthorn.tails(),
    },
  )
}
