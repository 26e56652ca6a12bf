import { afterEach, describe, expect, test } from 'vitest'
import type { NewEvent } from '../api/schema.ts'
import { PosthornProblem } from '../request/problem.ts'
import { problem, type Received, type Reply, ScriptedApi } from '../testing/scripted-api.ts'
import { PosthornBatchError } from './publish-batch.ts'

let api: ScriptedApi
afterEach(() => api?.stop())

interface Sent {
  readonly id: string
  readonly data: unknown
}
type Judge = (entry: Sent, request: number) => object | undefined

const linesOf = ({ body }: Received): Sent[] =>
  body
    .trimEnd()
    .split('\n')
    .map((l) => JSON.parse(l))

function batchAnswer(request: Received, number: number, judge?: Judge): Reply {
  const results = linesOf(request).map((entry) => {
    return judge?.(entry, number) ?? { id: entry.id, duplicate: false }
  })
  return { status: 202, body: { results } }
}

async function judged(judge?: Judge) {
  api = await ScriptedApi.start((request, number) => batchAnswer(request, number, judge))
  return api.client()
}

function events(count: number, data: (n: number) => unknown = (n) => n): NewEvent[] {
  return Array.from({ length: count }, (_, n) => ({ type: 'a', data: data(n), id: `e-${n}` }))
}

const refused = (status: number, code: string) => ({
  problem: { ...(problem(status, code) as { body: object }).body },
})

describe('a batch', () => {
  test('is split by count, in order, with a result for each', async () => {
    const client = await judged()
    const results = await client.publishBatch(events(2_345))
    expect(api.received.map((each) => linesOf(each).length)).toEqual([1_000, 1_000, 345])
    expect(results.map(({ id }) => id)).toEqual(events(2_345).map(({ id }) => id))
    expect(results.every(({ ok }) => ok)).toBe(true)
    expect(api.received[0]?.headers['content-type']).toBe('application/x-ndjson')
  })

  test('is split by bytes, of what is not ASCII too', async () => {
    const client = await judged()
    await client.publishBatch(
      events(10, () => 'é'.repeat(500)),
      { maxBytes: 3_300 },
    )
    expect(api.received.map((each) => linesOf(each).length)).toEqual([3, 3, 3, 1])
    for (const { body } of api.received) {
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(3_300)
    }
  })

  test('sends again only what was not taken, under the same ids', async () => {
    const client = await judged(({ data }, request) =>
      Number(data) % 3 === 0 && request === 1 ? refused(503, 'redis_unavailable') : undefined,
    )
    const results = await client.publishBatch(events(9).map(({ id: _, ...event }) => event))
    const [first, second] = api.received.map(linesOf)
    expect(second).toEqual(first?.filter(({ data }) => Number(data) % 3 === 0))
    expect(results.map(({ id }) => id)).toEqual(first?.map(({ id }) => id))
    expect(results.every(({ ok }) => ok)).toBe(true)
  })

  test('goes on after a bad entry, which alone has a problem', async () => {
    const client = await judged(({ data }) =>
      data === 1 ? refused(422, 'invalid_input') : undefined,
    )
    const results = await client.publishBatch(events(3))
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true])
    expect(results[1]).toMatchObject({ error: { code: 'invalid_input', eventId: 'e-1' } })
    expect(api.received).toHaveLength(1)
  })

  test('says which entries were never taken, when there is no time for them', async () => {
    api = await ScriptedApi.start((request, n) =>
      n === 3
        ? problem(503, 'redis_full', { 'retry-after': '60' })
        : batchAnswer(request, n, ({ data }) =>
            data === 1 ? refused(503, 'redis_unavailable') : undefined,
          ),
    )
    const results = await api.client().publishBatch(events(3))
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true])
    expect(results[1]).toMatchObject({ error: { code: 'redis_full', eventId: 'e-1', tries: 3 } })
    expect(api.received).toHaveLength(3)
  })

  test('is repeated whole after a 503 and after a broken connection', async () => {
    api = await ScriptedApi.start((request, n) => {
      if (n === 1) return problem(503, 'redis_unavailable')
      return n === 2 ? 'cut' : batchAnswer(request, n)
    })
    const results = await api.client().publishBatch(events(3))
    expect(results.every(({ ok }) => ok)).toBe(true)
    expect(new Set(api.received.map(({ body }) => body)).size).toBe(1)
    expect(api.received).toHaveLength(3)
  })

  test('too large for a proxy is halved until it passes', async () => {
    const limit = 200
    const headers = { 'content-type': 'text/html' }
    api = await ScriptedApi.start((request, n) =>
      request.body.length > limit ? { status: 413, body: '', headers } : batchAnswer(request, n),
    )
    const input = events(8, (n) => (n === 5 ? 'x'.repeat(limit) : n))
    const results = await api.client().publishBatch(input)
    expect(results.map(({ ok }) => ok)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((n) => n !== 5))
    expect(results[5]).toMatchObject({ error: { status: 413 } })
  })
})

describe('a batch that cannot go on', () => {
  test('throws what has become of the entries before', async () => {
    api = await ScriptedApi.start((request, n) =>
      n === 1 ? batchAnswer(request, n) : problem(401, 'unauthenticated'),
    )
    const error = await api
      .client()
      .publishBatch(events(5), { maxEntries: 2 })
      .catch((thrown) => thrown)
    expect(error).toBeInstanceOf(PosthornBatchError)
    expect(error.cause).toBeInstanceOf(PosthornProblem)
    expect(error.results.map(({ id }: { id: string }) => id)).toEqual(['e-0', 'e-1'])
    expect(api.received).toHaveLength(2)
  })

  test('because its source fails sends what it got of it first', async () => {
    const client = await judged()
    async function* failing() {
      yield* events(3)
      throw new Error('the source broke')
    }
    const error = await client.publishBatch(failing()).catch((thrown) => thrown)
    expect(error.cause).toMatchObject({ message: 'the source broke' })
    expect(error.results).toHaveLength(3)
    expect(linesOf(api.received[0] as Received)).toHaveLength(3)
  })
})

describe('a stream of events', () => {
  test('without an end sends what it has while it waits for the next', async () => {
    const client = await judged()
    const more = Promise.withResolvers<void>()
    async function* source() {
      yield* events(2)
      await more.promise
      yield { type: 'a', data: 'last' }
    }
    const results = client.publishStream(source(), { lingerMs: 5 })
    expect((await results.next()).value).toMatchObject({ ok: true, id: 'e-0' })
    expect((await results.next()).value).toMatchObject({ ok: true, id: 'e-1' })
    more.resolve()
    expect((await results.next()).value).toMatchObject({ ok: true })
    expect((await results.next()).done).toBe(true)
    expect(api.received).toHaveLength(2)
  })

  test('is asked for one batch at a time, and told when its reader has gone', async () => {
    const client = await judged()
    let asked = 0
    let told = false
    function* endless() {
      try {
        for (;;) yield { type: 'a', data: asked++ }
      } finally {
        told = true
      }
    }
    for await (const _ of client.publishStream(endless(), { maxEntries: 10 })) break
    expect(told).toBe(true)
    expect(asked).toBe(11)
  })
})
