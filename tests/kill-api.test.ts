import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { historyOf } from './harness/history.ts'
import { Load } from './harness/load.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn({ apis: 2 })
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

describe.each(['SIGKILL', 'SIGTERM'] as const)('an API ended with %s under load', (signal) => {
  test('every 202 is delivered, and what got none is safe to send again', async () => {
    const shop = posthorn.tenant(`api-${signal}`)
    const other = shop.through(posthorn.client(1))
    const at = receiver.endpoint()
    await shop.webhook({ url: at.url })
    const api = posthorn.apis[0]
    const loads: Load[] = []
    for (let round = 0; round < 3; round++) {
      const load = new Load(shop, `round-${round}`, 16)
      loads.push(load)
      await waitFor(() => load.accepted.length >= 300, { what: '300 events to be accepted' })
      const code = await api?.kill(signal, 10_000)
      if (signal === 'SIGTERM') expect(code).toBe(0)
      await waitFor(() => load.unanswered.length >= 16, { what: 'the load to notice' })
      await load.stop()
      api?.spawn()
      await api?.ready()
    }
    const accepted = loads.flatMap((load) => load.accepted)
    const beforeRepeat = await historyOf(shop, accepted, [at])
    expect(beforeRepeat).toMatchObject({ lost: [], duplicates: [], dead: 0 })

    const repeated = await Promise.all(loads.map((load) => load.repeat(other)))
    const history = await historyOf(shop, [...accepted, ...repeated.flat()], [at])
    expect(history).toEqual({ lost: [], duplicates: [], dead: 0, open: 0 })
  })
})
