import { Posthorn as Client, PosthornProblem, SignatureError, verify } from 'posthorn'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Arrival, Receiver } from './harness/receiver.ts'
import { waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver
let client: Client

beforeAll(async () => {
  posthorn = await startPosthorn()
  receiver = await posthorn.receiver()
  client = new Client({ url: posthorn.url, key: posthorn.key })
})
afterAll(() => posthorn?.stop())

/** Sends what it is given and loses the first answers: the outcome is then unknown to the client. */
function losing(answers: number): typeof fetch {
  let left = answers
  return async (...args) => {
    const response = await fetch(...args)
    if (left-- <= 0) return response
    await response.arrayBuffer()
    throw new TypeError('the answer was lost')
  }
}

async function subscribed(tenant: string, script = 200) {
  const at = receiver.endpoint(script)
  const webhook = await client.webhooks.create({ tenant, url: at.url, eventTypes: ['*'] })
  return { at, webhook }
}

async function fault(arrival: Arrival, secret: string, body: Buffer = arrival.raw) {
  const error = await verify(arrival.headers, body, secret).catch((thrown) => thrown)
  return error instanceof SignatureError ? error.fault : undefined
}

test('an event whose first two answers were lost arrives once, verified', async () => {
  const { at, webhook } = await subscribed('lost')
  const backoff = { firstMs: 5, maxMs: 5 }
  const lossy = new Client({ url: posthorn.url, key: posthorn.key, fetch: losing(2), backoff })
  const published = await lossy.publish({ tenant: 'lost', type: 'user.created', data: { n: 1 } })
  expect(published.duplicate).toBe(false)
  const [arrival] = (await at.arrivals(1)) as [Arrival]
  const verified = await verify(arrival.headers, arrival.raw, webhook.secret)
  expect(verified.id).toBe(published.id)
  expect(verified.json()).toMatchObject({ type: 'user.created', data: { n: 1 } })
  // What is published later has come: a second delivery of the first one would have, too.
  const last = await client.publish({ tenant: 'lost', type: 'user.created', data: 'last' })
  await waitFor(() => at.of(last.id).length === 1, { what: 'the last event' })
  expect(at.of(published.id)).toHaveLength(1)
  const events = []
  for await (const { id } of client.events.list({ tenant: 'lost' })) events.push(id)
  expect(new Set(events).size).toBe(events.length)
})

test('what the worker signs is refused tampered, and by another secret', async () => {
  const { at, webhook } = await subscribed('tampered')
  await client.publish({ tenant: 'tampered', type: 'user.created', data: { n: 1 } })
  const [arrival] = (await at.arrivals(1)) as [Arrival]
  const { secret } = webhook
  const tampered = Buffer.from(arrival.text.replace('"n":1', '"n":2'))
  expect(await fault(arrival, secret, tampered)).toBe('mismatch')
  expect(await fault(arrival, `${secret.slice(0, -8)}AAAAAAA=`)).toBe('mismatch')
  expect(await fault(arrival, secret)).toBeUndefined()
})

test('while a secret is rotated the worker’s requests verify by the old one and the new one', async () => {
  const { at, webhook } = await subscribed('rotated')
  const { secret, previous } = await client.webhooks.rotateSecret(webhook.id)
  expect(previous.map((each) => each.secret)).toEqual([webhook.secret])
  await client.publish({ tenant: 'rotated', type: 'a', data: null })
  const [arrival] = (await at.arrivals(1)) as [Arrival]
  for (const each of [secret, webhook.secret]) await verify(arrival.headers, arrival.raw, each)
})

test('a batch of 1,200 events whose answer was lost is taken once', async () => {
  const entries = Array.from({ length: 1_200 }, (_, n) => ({ tenant: 'batch', type: 'a', data: n }))
  const { at } = await subscribed('batch')
  const backoff = { firstMs: 5, maxMs: 5 }
  const lossy = new Client({ url: posthorn.url, key: posthorn.key, fetch: losing(1), backoff })
  const bad = { tenant: 'batch', type: 'not a type', data: 0 }
  const results = await lossy.publishBatch([...entries, bad])
  expect(results.slice(0, -1).every((result) => result.ok && !result.duplicate)).toBe(true)
  expect(results.at(-1)).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
  await at.arrivals(1_200, 30_000)
  expect(new Set(at.received.map(({ id }) => id)).size).toBe(1_200)
})

test('a repeat under one’s own id is a duplicate, and other content under it a 409', async () => {
  const event = { tenant: 'own-id', type: 'a', data: { n: 1 }, id: 'order-1' }
  expect(await client.publish(event)).toMatchObject({ id: 'order-1', duplicate: false })
  expect(await client.publish(event)).toMatchObject({ id: 'order-1', duplicate: true })
  const error = await client.publish({ ...event, data: { n: 2 } }).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(PosthornProblem)
  expect(error).toMatchObject({ status: 409, code: 'event_id_reused', eventId: 'order-1' })
  expect(error.requestId).toMatch(/^req_/)
})

test('a dead letter is found, redriven and followed to its end; each attempt is heard of', async () => {
  const controller = new AbortController()
  const { signal } = controller
  const heard: string[] = []
  const listening = (async () => {
    for await (const { outcome } of client.attempts({ tenant: 'dead', signal })) heard.push(outcome)
  })().catch((error) => {
    if (!signal.aborted) throw error
  })
  const { at, webhook } = await subscribed('dead', 500)
  const retryPolicy = { type: 'schedule' as const, delaysSeconds: [], jitter: 0 }
  await client.webhooks.update(webhook.id, { retryPolicy })
  const { id } = await client.publish({ tenant: 'dead', type: 'a', data: 1 })
  const which = { webhook: webhook.id }
  await waitFor(async () => (await client.deadLetters.count(which)) === 1, { what: 'its death' })
  const { data } = await client.deadLetters.list(which).page()
  expect(data).toMatchObject([{ event: id, reason: 'exhausted', lastStatusCode: 500 }])
  at.script = 200
  const task = await client.deadLetters.redrive({ ...which, since: new Date(0).toISOString() })
  const states = []
  for await (const { state } of client.tasks.follow(task.id, { everyMs: 50 })) states.push(state)
  expect(states.at(-1)).toBe('done')
  const delivery = await waitFor(
    async () => {
      const found = await client.deliveries.get(data[0]?.id ?? '')
      return found.status === 'delivered' && found
    },
    { what: 'its delivery' },
  )
  expect(delivery.attempts.map(({ outcome }) => outcome)).toEqual(['http_error', 'success'])
  await waitFor(() => heard.length === 2, { what: 'both attempts', context: () => `${heard}` })
  controller.abort()
  await listening
})

test('keys, and what a key may not, are typed alike', async () => {
  const input = { name: 'sign-in', role: 'publisher', tenant: 'keys' } as const
  const { key, id } = await client.apiKeys.create(input)
  posthorn.secrets.add(key)
  const publisher = new Client({ url: posthorn.url, key })
  expect(await publisher.publish({ type: 'a', data: 1 })).toMatchObject({ tenant: 'keys' })
  await expect(publisher.webhooks.list().page()).rejects.toMatchObject({ code: 'forbidden' })
  const link = await client.portalLinks.create({ tenant: 'keys', expiresInSeconds: 60 })
  posthorn.secrets.add(link.token)
  const visitor = new Client({ url: posthorn.url, key: link.token })
  expect((await visitor.webhooks.list().page()).data).toEqual([])
  await expect(visitor.events.list().page()).rejects.toMatchObject({ code: 'forbidden' })
  await client.portalLinks.endAll('keys')
  await expect(visitor.webhooks.list().page()).rejects.toMatchObject({ code: 'unauthenticated' })
  await client.apiKeys.delete(id)
  const refused = publisher.publish({ type: 'a', data: 1 })
  await expect(refused).rejects.toMatchObject({ code: 'unauthenticated', status: 401 })
})
