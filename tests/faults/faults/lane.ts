import { type Fault, outcomeOf } from '../fault.ts'
import { Field } from '../field/field.ts'
import { Random } from '../random.ts'

const FOREVER_MS = 3_600_000

/** A paused webhook's lane grows to this length while another one's traffic goes on, and is then worked off. */
export const longLane: Fault = {
  name: 'long-lane',
  what: 'a lane of 1,000,000 entries beside traffic that goes on, then drained',
  full: { events: 1_000_000, strikes: 1 },
  async run({ events }, seed) {
    const subscriptions = ['every', 'paused'].map((name) => ({
      ...{ name, eventTypes: ['*'], expects: () => true, behaviour: {} },
    }))
    const load = { largestBatch: 1_000, window: 10_000 }
    const field = await Field.open(new Random(seed), { subscriptions, load })
    await field.attempt(async () => {
      const paused = [...field.webhooks].find(([, name]) => name === 'paused')?.[0]
      await field.client.post(200, `/v1/webhooks/${paused}/pause`)
      await field.flow(events, FOREVER_MS)
      await field.client.post(200, `/v1/webhooks/${paused}/resume`)
    })
    await field.endLoad()
    return await outcomeOf(field, { runs: 1, duplicateBound: 0 })
  },
}
