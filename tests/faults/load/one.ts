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
