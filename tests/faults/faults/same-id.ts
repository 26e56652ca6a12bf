import { inParallel, upTo } from '../../harness/wait.ts'
import { type Fault, outcomeOf } from '../fault.ts'
import { Field } from '../field/field.ts'
import { eventId } from '../load/events.ts'
import { publish } from '../load/one.ts'
import { Random } from '../random.ts'

const AT_ONCE = 20

/** Each event is published 20 times at once over two APIs: one of them is the first, 19 are duplicates. */
export const sameId: Fault = {
  name: 'same-id',
  what: `one id published ${AT_ONCE} times at once over two APIs`,
  full: { events: 500, strikes: 500 },
  slice: { events: 40, strikes: 40 },
  async run({ strikes }, seed) {
    const field = await Field.open(new Random(seed), { apis: 2, workers: 2 })
    for (const n of field.published.claim(strikes)) {
      field.problems.push(...(await publishAtOnce(field, n)))
    }
    return await outcomeOf(field, { runs: strikes, duplicateBound: 0 })
  },
}

async function publishAtOnce(field: Field, n: number): Promise<string[]> {
  const answers = await inParallel(upTo(AT_ONCE), AT_ONCE, (i) =>
    publish(field.clients[i % field.clients.length] ?? field.client, n),
  )
  const taken = answers.filter(({ status }) => status === 202)
  if (taken.length > 0) field.published.acknowledge([n])
  const first = taken.filter(({ body }) => !body.duplicate)
  const odd = answers.filter(({ status }) => status !== 202 && status !== 503)
  return [
    // A 503 may have been the first: then all that were answered are duplicates.
    ...(first.length > 1 ? [`${eventId(n)}: ${first.length} of them were called the first`] : []),
    ...(first.length === 0 && taken.length === AT_ONCE
      ? [`${eventId(n)}: none was the first`]
      : []),
    ...odd.map(({ status, text }) => `${eventId(n)}: ${status} ${text.slice(0, 200)}`),
  ]
}
