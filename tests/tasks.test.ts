import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { type Ruins, ruins } from './harness/ruins.ts'
import type { Task } from './harness/shapes.ts'
import { schedule, type Tenant } from './harness/tenant.ts'
import { inParallel, upTo, waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn()
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

async function redriven({ shop, at, hook }: Ruins, ratePerSecond?: number): Promise<Task> {
  at.script = 200
  const body = { webhook: hook.id, ...(ratePerSecond !== undefined && { ratePerSecond }) }
  return await shop.client.post<Task>(202, '/v1/dead-letters/redrive', body)
}

async function progress(shop: Tenant, id: string, done: number): Promise<Task> {
  return await waitFor(
    async () => {
      const task = await shop.client.get<Task>(`/v1/tasks/${id}`)
      return task.done >= done && task
    },
    { what: `task ${id} to have done ${done}`, context: shop.context },
  )
}

describe.concurrent('a task', () => {
  test('is answered with its id, listed with its kind, and tells its progress', async () => {
    const ruin = await ruins(posthorn, 'listed', 6)
    const { shop } = ruin
    const task = await redriven(ruin)
    expect(task.id).toMatch(/^task_/)
    expect(['queued', 'running', 'done']).toContain(task.state)
    const done = await shop.task(task.id)
    expect(done).toMatchObject({ id: task.id, state: 'done', done: 6, total: 6, failed: 0 })
    expect(done.kind).toMatch(/redrive/)
    const second = await shop.client.post<Task>(202, '/v1/dead-letters/purge', {
      webhook: ruin.hook.id,
    })
    await shop.task(second.id)
    const listed = await waitFor(
      async () => {
        const tasks = await shop.client.all<Task>('/v1/tasks', { tenant: shop.name, limit: 1 })
        return tasks.length === 2 && tasks
      },
      { what: 'two tasks in the list' },
    )
    expect(listed.map((each) => each.id)).toEqual([second.id, task.id])
    expect(listed[1]).toMatchObject(done)
  })

  test('keeps its ratePerSecond', async () => {
    const ruin = await ruins(posthorn, 'rate', 30)
    const startedMs = performance.now()
    const task = await redriven(ruin, 10)
    await ruin.shop.task(task.id)
    const tookMs = performance.now() - startedMs
    expect(tookMs).toBeGreaterThan(1_800)
    expect(tookMs).toBeLessThan(8_000)
    const arrivals = (await ruin.at.arrivals(60)).slice(30)
    const busiest = arrivals.map(
      (first) =>
        arrivals.filter((each) => each.atMs >= first.atMs && each.atMs < first.atMs + 1_000).length,
    )
    expect(Math.max(...busiest)).toBeLessThanOrEqual(20)
  })

  test('cancelled half-way stops there; what it had not reached stays dead', async () => {
    const ruin = await ruins(posthorn, 'cancel', 30)
    const { shop, at } = ruin
    const task = await redriven(ruin, 5)
    await progress(shop, task.id, 3)
    await shop.client.post(200, `/v1/tasks/${task.id}/cancel`)
    const cancelled = await shop.task(task.id, 'cancelled')
    expect(cancelled.done).toBeLessThan(30)
    await inParallel(ruin.letters, 16, ({ event }) => shop.finished(event))
    const left = await waitFor(
      async () => {
        const letters = await shop.client.all('/v1/dead-letters', { tenant: shop.name })
        const redelivered = at.received.length - 30
        return letters.length + redelivered === 30 && letters.length
      },
      { what: 'dead letters and redelivered ones to be all' },
    )
    expect(left).toBeGreaterThan(0)
    expect(30 - left).toBeGreaterThanOrEqual(3)
    const again = await shop.client.call('POST', `/v1/tasks/${task.id}/cancel`)
    expect([200, 409]).toContain(again.status)
  })

  test('that replays a webhook takes what failed, what it missed, or all', async () => {
    const shop = posthorn.tenant('replay')
    const old = receiver.endpoint()
    await shop.webhook({ url: old.url, eventTypes: ['*'] })
    const since = new Date(Date.now() - 60_000).toISOString()
    const missed = await inParallel(upTo(3), 3, async () => (await shop.publish()).id)
    await inParallel(missed, 3, (id) => shop.finished(id))
    const at = receiver.endpoint((arrival) => (arrival.text.includes('"fail"') ? 500 : 200))
    const hook = await shop.webhook({ url: at.url, retryPolicy: schedule() })
    const good = await inParallel(upTo(2), 2, async () => (await shop.publish()).id)
    const bad = await shop.publish({ data: 'fail' })
    await inParallel([...good, bad.id], 3, (id) => shop.finished(id, 2))
    await shop.deadLetters(1)

    const replay = (only: string, more = {}): Promise<Task & { count?: number }> =>
      shop.client.post('dryRun' in more ? 200 : 202, `/v1/webhooks/${hook.id}/replay`, {
        since,
        only,
        ...more,
      })
    await waitFor(async () => (await replay('all', { dryRun: true })).count === 6, {
      what: 'a replay of all to count 6',
    })
    expect(await replay('failed', { dryRun: true })).toEqual({ count: 1 })
    expect(await replay('missing', { dryRun: true })).toEqual({ count: 3 })
    expect(await replay('all', { until: since, dryRun: true })).toEqual({ count: 0 })
    expect(at.received.length).toBe(3)

    await shop.task((await replay('missing')).id)
    await waitFor(() => missed.every((id) => at.of(id).length === 1), { what: 'the missed ones' })
    at.script = 200
    await shop.task((await replay('failed')).id)
    await waitFor(() => at.of(bad.id).length === 2, { what: 'the failed one' })
    await shop.deadLetters(0)
    expect(good.map((id) => at.of(id).length)).toEqual([1, 1])
    await shop.task((await replay('all')).id)
    await waitFor(() => good.every((id) => at.of(id).length === 2), { what: 'all of them' })
  })
})

describe('a task in the middle of its work', () => {
  test.each(['SIGKILL', 'SIGTERM'] as const)('survives %s of the only worker', async (signal) => {
    const ruin = await ruins(posthorn, `survive-${signal}`, 40)
    const { shop, at, letters } = ruin
    const task = await redriven(ruin, 10)
    await progress(shop, task.id, 5)
    const worker = posthorn.workers[0]
    await worker?.kill(signal)
    expect((await shop.client.get<Task>(`/v1/tasks/${task.id}`)).state).toBe('running')
    worker?.spawn()
    await worker?.ready()
    const done = await shop.task(task.id, 'done', 30_000)
    expect(done.total).toBe(40)
    await inParallel(letters, 16, ({ event }) => shop.only(event, 'delivered'))
    await shop.deadLetters(0)
    const duplicates = at.received.length - 80
    expect(duplicates).toBeGreaterThanOrEqual(0)
    expect(duplicates).toBeLessThanOrEqual(signal === 'SIGKILL' ? 10 : 0)
  })
})
