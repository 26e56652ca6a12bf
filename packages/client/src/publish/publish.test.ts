import { afterEach, describe, expect, test } from 'vitest'
import { PosthornNoAnswer, PosthornProblem } from '../request/problem.ts'
import { problem, type Script, ScriptedApi, taken } from '../testing/scripted-api.ts'

const EVENT = { type: 'user.created', data: { n: 1 } }

let api: ScriptedApi
afterEach(() => api?.stop())

async function scripted(script: Script) {
  api = await ScriptedApi.start(script)
  return api.client()
}

/** What the call throws. */
async function failure(call: Promise<unknown>): Promise<unknown> {
  return await call.then(
    () => undefined,
    (error) => error,
  )
}

const bodies = () => api.received.map(({ body }) => body)

describe('a publish whose outcome is unknown', () => {
  test.each([
    ['a cut connection', 'cut' as const],
    ['503', problem(503, 'redis_unavailable')],
    ['502 of a proxy', { status: 502, body: '<html>', headers: { 'content-type': 'text/html' } }],
    ['half an answer', { status: 202, body: '{"id":"evt_' }],
  ])('after %s is repeated with the same id and the same bytes', async (_what, first) => {
    const client = await scripted((request, n) => (n < 3 ? first : taken(request)))
    const published = await client.publish(EVENT)
    expect(new Set(bodies()).size).toBe(1)
    expect(bodies()).toHaveLength(3)
    expect(published.id).toMatch(/^evt_[0-9a-f-]{36}$/)
    expect(JSON.parse(bodies()[0] ?? '')).toEqual({ ...EVENT, id: published.id })
  })

  test('is no duplicate of its own first try', async () => {
    const client = await scripted((request, n) => (n === 1 ? 'cut' : taken(request, true)))
    expect(await client.publish(EVENT)).toMatchObject({ duplicate: false })
  })

  test('is the duplicate that the API calls it when the id was the caller’s', async () => {
    const client = await scripted((request) => taken(request, true))
    expect(await client.publish({ ...EVENT, id: 'order-1' })).toMatchObject({ duplicate: true })
  })

  test('ends with its id when nobody ever answers', async () => {
    const client = await scripted(() => 'cut')
    const error = await failure(client.publish(EVENT, { deadlineMs: 300 }))
    expect(error).toBeInstanceOf(PosthornNoAnswer)
    const { eventId, tries } = error as PosthornNoAnswer
    expect(JSON.parse(bodies()[0] ?? '').id).toBe(eventId)
    expect(tries).toBeGreaterThan(1)
  })

  test('times out, is repeated, and ends by its deadline', async () => {
    const client = await scripted(() => 'silent')
    const begun = performance.now()
    const error = await failure(client.publish(EVENT, { timeoutMs: 100, deadlineMs: 600 }))
    expect(error).toBeInstanceOf(PosthornNoAnswer)
    expect(api.received.length).toBeGreaterThanOrEqual(2)
    expect(performance.now() - begun).toBeLessThan(2_000)
  })
})

describe('a publish that is refused', () => {
  test('with 409 after a cut connection throws the 409: the id stands for another event', async () => {
    const client = await scripted((_, n) => (n === 1 ? 'cut' : problem(409, 'event_id_reused')))
    const error = await failure(client.publish({ ...EVENT, id: 'order-1' }))
    expect(error).toBeInstanceOf(PosthornProblem)
    expect(error).toMatchObject({
      status: 409,
      code: 'event_id_reused',
      eventId: 'order-1',
      tries: 2,
      requestId: 'req_1',
    })
  })

  test('with 422 is not repeated, and names each place', async () => {
    const errors = [{ path: 'type', message: 'Expected names' }]
    const reply = problem(422, 'invalid_input') as { status: number; body: object }
    const client = await scripted(() => ({ ...reply, body: { ...reply.body, errors } }))
    expect(await failure(client.publish(EVENT))).toMatchObject({ code: 'invalid_input', errors })
    expect(api.received).toHaveLength(1)
  })

  test('by a proxy says what the proxy said', async () => {
    const headers = { 'content-type': 'text/html' }
    const client = await scripted(() => ({ status: 403, body: '<h1>No entry</h1>', headers }))
    const error = await failure(client.publish(EVENT))
    expect(error).toMatchObject({ status: 403, code: 'unknown', detail: '<h1>No entry</h1>' })
  })

  test('by a redirect does not give the key to anybody else', async () => {
    const other = await ScriptedApi.start((request) => taken(request))
    const client = await scripted(() => ({ status: 307, headers: { location: other.url } }))
    expect(await failure(client.publish(EVENT))).toBeInstanceOf(PosthornProblem)
    expect(other.received).toEqual([])
    await other.stop()
  })
})

test('Retry-After is waited for', async () => {
  const busy = problem(503, 'redis_full', { 'retry-after': '1' })
  const client = await scripted((request, n) => (n === 1 ? busy : taken(request)))
  await client.publish(EVENT)
  const [first, second] = api.received
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(990)
})

test('Retry-After past the deadline ends the call at once', async () => {
  const client = await scripted(() => problem(503, 'redis_full', { 'retry-after': '60' }))
  const begun = performance.now()
  expect(await failure(client.publish(EVENT))).toMatchObject({ code: 'redis_full', tries: 1 })
  expect(performance.now() - begun).toBeLessThan(5_000)
})

test('a signal ends a call in the air, and one that waits, with its own reason', async () => {
  for (const reply of ['silent', problem(503, 'redis_full', { 'retry-after': '20' })] as const) {
    const controller = new AbortController()
    const client = await scripted(() => {
      setTimeout(() => controller.abort(new Error('enough')), 20)
      return reply
    })
    const error = await failure(client.publish(EVENT, { signal: controller.signal }))
    expect(error).toMatchObject({ message: 'enough' })
    await api.stop()
  }
})

test('what is no event for JSON is thrown before anything is sent', async () => {
  const client = await scripted((request) => taken(request))
  expect(await failure(client.publish({ type: 'a', data: 1n }))).toBeInstanceOf(TypeError)
  expect(api.received).toEqual([])
})

test('making a webhook is not repeated when its outcome is unknown', async () => {
  const client = await scripted(() => 'cut')
  const input = { url: 'https://example.com', eventTypes: ['*'] }
  expect(await failure(client.webhooks.create(input))).toBeInstanceOf(PosthornNoAnswer)
  expect(api.received).toHaveLength(1)
})
