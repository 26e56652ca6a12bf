import { randomBytes } from 'node:crypto'
import { request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scrape, sum } from './harness/metrics.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Endpoint, Receiver } from './harness/receiver.ts'
import type { Service } from './harness/service.ts'
import { verifies } from './harness/verify.ts'
import { inParallel, upTo, waitFor } from './harness/wait.ts'

const lost = randomBytes(32).toString('base64')
const kept = randomBytes(32).toString('base64')

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn({ workers: 0, env: { POSTHORN_ENCRYPTION_KEYS: lost } })
  posthorn.secrets.add(lost).add(kept)
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

const startWorker = (...keys: string[]): Promise<Service> =>
  posthorn.startWorker({ POSTHORN_ENCRYPTION_KEYS: keys.join() })

async function metricsText({ url }: Service): Promise<string> {
  const { body } = await request(`${url}/metrics`)
  return await body.text()
}

const timesEach = (at: Endpoint, ids: readonly string[]): number[] => [
  ...new Set(ids.map((id) => at.of(id).length)),
]

test('a webhook whose key is missing waits for it and disturbs no other; then it gets everything', async () => {
  const shop = posthorn.tenant('lost-key')
  const [waits, flows] = [receiver.endpoint(), receiver.endpoint()]
  await shop.webhook({ url: waits.url, headers: { 'x-own': 'value' } })
  await posthorn.startApi({ POSTHORN_ENCRYPTION_KEYS: kept })
  await shop.through(posthorn.client(1)).webhook({ url: flows.url })
  const worker = await startWorker(kept)

  const events = await inParallel(upTo(60), 20, () => shop.publish())
  const ids = events.map(({ id }) => id)
  await flows.arrivals(60)
  await waitFor(
    async () => {
      const { body } = await request(`${worker.url}/readyz`)
      return (await body.text()).includes('No key with id')
    },
    { what: 'the worker to say which key is missing', context: () => posthorn.tails() },
  )
  const ready = await request(`${worker.url}/readyz`)
  await ready.body.dump()
  expect(ready.statusCode).toBe(200)
  await inParallel(ids, 10, async (id) => {
    const { deliveries } = await shop.event(id)
    expect(deliveries.map(({ status }) => status).sort()).toEqual(['delivered', 'parked'])
  })
  const metrics = await scrape(worker.url)
  expect(sum(metrics, 'posthorn_unusable_webhooks')).toBe(1)
  expect(sum(metrics, 'posthorn_job_errors_total')).toBe(0)
  expect(worker.output).toMatch(/No key with id [0-9a-f]{8} in POSTHORN_ENCRYPTION_KEYS/)
  expect([timesEach(waits, ids), timesEach(flows, ids)]).toEqual([[0], [1]])

  expect(await worker.kill('SIGTERM')).toBe(0)
  await startWorker(kept, lost)
  await inParallel(ids, 10, (id) => shop.finished(id, 2))
  expect([timesEach(waits, ids), timesEach(flows, ids)]).toEqual([[1], [1]])
  await shop.deadLetters(0)
})

test('a worker brings everything under the newest key: afterwards the old one may go', async () => {
  const shop = posthorn.tenant('rotated-key')
  const at = receiver.endpoint()
  const hook = await shop.webhook({ url: at.url, headers: { 'x-own': 'value' } })
  const worker = await startWorker(kept, lost)
  await waitFor(async () => /values_under_old_keys 0\n/.test(await metricsText(worker)), {
    what: 'the worker to say that no value is left',
    context: () => posthorn.tails(),
  })
  expect(worker.output).toContain('all values are under the newest encryption key')
  for (const each of posthorn.workers) if (each.running) await each.kill('SIGTERM')

  await startWorker(kept)
  const { id } = await shop.publish()
  const arrival = await at.arrival(id)
  expect(verifies(arrival, hook.secret)).toBe(true)
  expect(arrival.headers['x-own']).toBe('value')
})

test('without the key, whatever needs the secret says which key is missing; the rest can be read', async () => {
  const shop = posthorn.tenant('asked-without-key')
  const hook = await shop.webhook({ url: receiver.endpoint().url, headers: { 'x-own': 'value' } })
  const api = await posthorn.startApi({ POSTHORN_ENCRYPTION_KEYS: kept })
  const client = posthorn.client(posthorn.apis.indexOf(api))
  const asked: [string, string, unknown?][] = [
    ['GET', '/secret'],
    ['POST', '/rotate-secret', {}],
    ['POST', '/test', {}],
    ['PATCH', '', { headers: { 'x-own': '***', 'x-other': 'b' } }],
  ]
  for (const [method, path, body] of asked) {
    const answer = await client.call<{ code: string; detail: string }>(
      method,
      `/v1/webhooks/${hook.id}${path}`,
      body === undefined ? {} : { body },
    )
    expect([method, path, answer.status, answer.body.code]).toEqual([
      method,
      path,
      503,
      'stored_value_unreadable',
    ])
    expect(answer.body.detail).toMatch(/^No key with id [0-9a-f]{8} in POSTHORN_ENCRYPTION_KEYS$/)
  }
  expect((await client.call('GET', `/v1/webhooks/${hook.id}`)).status).toBe(200)
})
