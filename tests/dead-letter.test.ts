import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scrape, sum } from './harness/metrics.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { ruins } from './harness/ruins.ts'
import { schedule } from './harness/tenant.ts'
import { inParallel, waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn()
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

describe.concurrent('dead letters', () => {
  test('a schedule without delays makes one attempt, and its failure a dead letter', async () => {
    const { at, letters } = await ruins(posthorn, 'one-attempt', 1)
    expect(at.received.length).toBe(1)
    expect(letters).toMatchObject([{ reason: 'exhausted', lastStatusCode: 500 }])
  })

  test('a dry run counts what a redrive delivers, and changes nothing', async () => {
    const { shop, at, hook, letters } = await ruins(posthorn, 'dry-run', 7)
    const dryRun = async (filter: Record<string, unknown>): Promise<number> => {
      const body = { ...filter, dryRun: true }
      const { count } = await shop.client.post<{ count: number }>(
        200,
        '/v1/dead-letters/redrive',
        body,
      )
      return count
    }
    const webhook = hook.id
    expect(await dryRun({ webhook })).toBe(7)
    expect(await dryRun({ webhook, type: 'a.even' })).toBe(4)
    expect(await dryRun({ webhook, type: 'a.none' })).toBe(0)
    expect(await dryRun({ webhook, reason: 'exhausted' })).toBe(7)
    expect(await dryRun({ webhook, reason: 'gone' })).toBe(0)
    expect(await dryRun({ webhook, until: '2020-01-01T00:00:00Z' })).toBe(0)
    expect(await dryRun({ webhook, since: '2020-01-01T00:00:00Z' })).toBe(7)
    expect(await dryRun({ ids: letters.slice(0, 2).map((each) => each.id) })).toBe(2)
    await shop.deadLetters(7)
    expect(at.received.length).toBe(7)
  })

  test('a redrive delivers what matches, under the same ids, and leaves the others dead', async () => {
    const { shop, at, hook, letters } = await ruins(posthorn, 'redrive', 6)
    at.script = 200
    const task = await shop.redrive({ webhook: hook.id, type: 'a.odd' })
    expect(task).toMatchObject({ state: 'done', total: 3, done: 3, failed: 0 })

    const odd = letters.filter((each) => each.type === 'a.odd')
    await inParallel(odd, 3, async ({ id, event }) => {
      const delivery = await shop.only(event, 'delivered')
      expect(delivery.id).toBe(id)
      expect(delivery.attempts.map((each) => each.trigger)).toEqual(['automatic', 'manual'])
      expect(at.of(event).map((each) => each.id)).toEqual([event, event])
    })
    const left = await shop.deadLetters(3)
    expect(left.map((each) => each.type)).toEqual(Array(3).fill('a.even'))
  })

  test('a redrive by ids takes exactly those, and a second one finds nothing to do', async () => {
    const { shop, at, letters } = await ruins(posthorn, 'by-ids', 4)
    at.script = 200
    const ids = letters.slice(0, 2).map((each) => each.id)
    await shop.redrive({ ids })
    await inParallel(letters.slice(0, 2), 2, ({ event }) => shop.only(event, 'delivered'))
    await shop.redrive({ ids })
    await shop.deadLetters(2)
    expect(at.received.length).toBe(6)
  })

  test('redriven against a receiver that still fails, the policy starts anew and it is dead again', async () => {
    const shop = posthorn.tenant('dead-again')
    const at = receiver.endpoint(500)
    const hook = await shop.webhook({ url: at.url, retryPolicy: schedule(0.2) })
    const { id } = await shop.publish()
    await shop.only(id, 'dead')
    await shop.deadLetters(1)
    await shop.redrive({ webhook: hook.id })
    await at.arrivals(4)
    const delivery = await shop.only(id, 'dead')
    expect(delivery.attempts.map((each) => each.number)).toEqual([1, 2, 3, 4])
    await shop.deadLetters(1)
  })

  test('a redrive or purge without any filter is refused, unless it says all', async () => {
    const { shop, at, letters } = await ruins(posthorn, 'all', 2)
    const key = await posthorn
      .client()
      .post<{ key: string }>(201, '/v1/api-keys', { name: 'own', role: 'admin', tenant: shop.name })
    const own = posthorn.client(0, key.key)
    for (const action of ['redrive', 'purge']) {
      for (const body of [{}, { dryRun: true }, { ratePerSecond: 10 }, { all: false }]) {
        await own.post(422, `/v1/dead-letters/${action}`, body)
      }
    }
    at.script = 200
    const count = await own.post(200, '/v1/dead-letters/redrive', { all: true, dryRun: true })
    expect(count).toEqual({ count: 2 })
    await own.post(202, '/v1/dead-letters/redrive', { all: true })
    await inParallel(letters, 2, ({ event }) => shop.only(event, 'delivered'))
  })

  test('a purge removes dead letters: no redrive brings them back, the delivery stays readable', async () => {
    const { shop, at, hook, letters } = await ruins(posthorn, 'purge', 5)
    const filter = { webhook: hook.id, type: 'a.even' }
    const dry = await shop.client.post(200, '/v1/dead-letters/purge', { ...filter, dryRun: true })
    expect(dry).toEqual({ count: 3 })
    const { id } = await shop.client.post<{ id: string }>(202, '/v1/dead-letters/purge', filter)
    expect(await shop.task(id)).toMatchObject({ total: 3, done: 3, failed: 0 })
    await shop.deadLetters(2)

    at.script = 200
    await shop.redrive({ webhook: hook.id })
    await shop.deadLetters(0)
    const purged = letters.filter((each) => each.type === 'a.even')
    for (const { event } of purged) {
      expect(at.of(event).length).toBe(1)
      expect((await shop.only(event, 'dead')).reason).toBe('exhausted')
    }
    expect(at.received.length).toBe(5 + 2)
  })

  test('ratePerSecond spreads a redrive', async () => {
    const { shop, at, hook } = await ruins(posthorn, 'rate', 12)
    at.script = 200
    const body = { webhook: hook.id, ratePerSecond: 5 }
    const { id } = await shop.client.post<{ id: string }>(202, '/v1/dead-letters/redrive', body)
    await shop.task(id)
    const arrivals = (await at.arrivals(24)).slice(12)
    const spanMs = (arrivals.at(-1)?.atMs ?? 0) - (arrivals[0]?.atMs ?? 0)
    expect(spanMs).toBeGreaterThan(1_000)
    expect(spanMs).toBeLessThan(6_000)
    const inOneSecond = arrivals.map(
      (first) =>
        arrivals.filter((each) => each.atMs >= first.atMs && each.atMs < first.atMs + 1_000).length,
    )
    expect(Math.max(...inOneSecond)).toBeLessThanOrEqual(11)
  })

  test('dead letters are listed newest first and filtered by webhook, type, reason and time', async () => {
    const { shop, hook, letters } = await ruins(posthorn, 'filters', 4)
    const times = letters.map((each) => Date.parse(each.deadAt))
    expect(times).toEqual([...times].sort((a, b) => b - a))
    await shop.deadLetters(2, { type: 'a.even' })
    await shop.deadLetters(4, { webhook: hook.id, reason: 'exhausted' })
    await shop.deadLetters(0, { reason: 'disabled' })
    await shop.deadLetters(4, { since: letters.at(-1)?.deadAt ?? '' })
    await shop.deadLetters(0, { until: '2020-01-01T00:00:00Z' })
    const foreign = posthorn.tenant('foreign')
    await foreign.deadLetters(0)
  })
})

describe('a short POSTHORN_DEAD_LETTER_RETENTION', () => {
  test('lets a dead letter expire: gone from the list, and no redrive sends it', async () => {
    const brief = await startPosthorn({ env: { POSTHORN_DEAD_LETTER_RETENTION: '3s' } })
    try {
      const shop = brief.tenant('brief')
      const at = receiver.endpoint(500)
      const hook = await shop.webhook({ url: at.url, retryPolicy: schedule() })
      const { id } = await shop.publish()
      const delivery = await shop.only(id, 'dead')
      await shop.deadLetters(1)
      await shop.deadLetters(0)
      at.script = 200
      const body = { webhook: hook.id, dryRun: true }
      expect(await shop.client.post(200, '/v1/dead-letters/redrive', body)).toEqual({ count: 0 })
      await shop.redrive({ ids: [delivery.id] })
      const witness = await shop.publish()
      await shop.only(witness.id, 'delivered')
      expect(at.of(id).length).toBe(1)
      await waitFor(async () => sum(await scrape(brief.url), 'posthorn_dead_letters') === 0, {
        what: 'posthorn_dead_letters to be 0',
      })
    } finally {
      await brief.stop()
    }
  })
})
