import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { historyOf } from './harness/history.ts'
import { Load } from './harness/load.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import type { Service } from './harness/service.ts'
import { gate, inParallel, upTo, waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn({ workers: 2 })
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

/** The first worker, started again when the test has ended. */
function victim(): Service {
  const [worker] = victims()
  if (worker === undefined) throw new Error('no worker')
  return worker
}

/** All workers, started again when the test has ended. */
function victims(): readonly Service[] {
  onTestFinished(startAll)
  return posthorn.workers
}

async function startAll(): Promise<void> {
  for (const worker of posthorn.workers) if (!worker.running) worker.spawn()
  await inParallel(posthorn.workers, 2, (worker) => worker.ready())
}

describe('a worker killed with -9', () => {
  test('in mid-delivery: what it had in the air is tried again within 10 s, nothing else', async () => {
    const shop = posthorn.tenant('in-the-air')
    const answers = gate()
    const at = receiver.endpoint((_arrival, nth) =>
      nth === 1 ? { status: 200, after: answers.opened } : 200,
    )
    await shop.webhook({ url: at.url, timeoutMs: 30_000 })
    // One at a time, so that both workers get some.
    const ids: string[] = []
    for (let n = 0; n < 24; n++) {
      ids.push((await shop.publish()).id)
      await at.arrivals(n + 1)
    }
    const killedMs = performance.now()
    await victim().kill('SIGKILL')

    const cutOff = (): string[] =>
      at.received.filter((each) => each.endedMs && !each.status).map((each) => each.id)
    await waitFor(() => cutOff().length > 0, { what: 'connections of the killed worker to end' })
    await waitFor(() => cutOff().every((id) => at.of(id).length === 2), {
      what: 'every attempt of the killed worker to be made again',
      timeoutMs: 12_000,
      context: () => at.ledger(),
    })
    const again = cutOff().map((id) => at.of(id)[1]?.atMs ?? 0)
    expect(Math.max(...again) - killedMs).toBeLessThanOrEqual(10_000)
    answers.open()
    const history = await historyOf(shop, ids, [at])
    const lostConnections = cutOff()
    expect(lostConnections.length).toBeLessThan(ids.length)
    expect({ ...history, duplicates: history.duplicates.sort() }).toEqual({
      lost: [],
      duplicates: lostConnections.sort(),
      dead: 0,
      open: 0,
    })
  })

  test('under load: nothing is lost, and only what was just sent is sent twice', async () => {
    const shop = posthorn.tenant('load')
    const at = receiver.endpoint({ delayMs: 20 })
    await shop.webhook({ url: at.url })
    const load = new Load(shop, 'kill', 8)
    await at.arrivals(500)
    const killedMs = performance.now()
    await victim().kill('SIGKILL')
    const before = load.accepted.length
    await waitFor(() => load.accepted.length > before + 500, { what: '500 more to be accepted' })
    await load.stop()
    expect(load.unanswered).toEqual([])

    const { lost, duplicates, dead, open } = await historyOf(shop, load.accepted, [at])
    expect({ lost, dead, open }).toEqual({ lost: [], dead: 0, open: 0 })
    const sent = duplicates.map((id) => killedMs - (at.of(id)[0]?.atMs ?? 0))
    expect(sent.filter((agoMs) => agoMs > 1_000)).toEqual([])
    expect(at.received.every((each) => at.of(each.id).length <= 2)).toBe(true)
  })

  test('three times in the middle of the same delivery: it is still delivered, never dead', async () => {
    const shop = posthorn.tenant('thrice')
    const other = posthorn.workers[1]
    await other?.kill('SIGTERM')
    const at = receiver.endpoint((_arrival, nth) => (nth <= 3 ? { hang: 'headers' } : 200))
    await shop.webhook({ url: at.url, timeoutMs: 60_000 })
    const { id } = await shop.publish()
    const worker = victim()
    for (let crash = 1; crash <= 3; crash++) {
      await at.arrivals(crash, 20_000)
      await worker.kill('SIGKILL')
      worker.spawn()
      await worker.ready()
    }
    const delivery = await shop.only(id, 'delivered', 20_000)
    // A crash is not an attempt.
    expect(delivery.attempts.at(-1)).toMatchObject({ outcome: 'success' })
    expect(at.received.length).toBe(4)
    await shop.deadLetters(0)
    other?.spawn()
    await other?.ready()
  }, 120_000)
})

describe('a worker told to end with SIGTERM', () => {
  test('under load: 0 lost, 0 duplicates, and it is gone in time with exit code 0', async () => {
    const shop = posthorn.tenant('term-load')
    const at = receiver.endpoint({ delayMs: 50 })
    await shop.webhook({ url: at.url })
    const load = new Load(shop, 'term', 8)
    await at.arrivals(300)
    const startedMs = performance.now()
    expect(await victim().kill('SIGTERM', 20_000)).toBe(0)
    expect(performance.now() - startedMs).toBeLessThan(17_000)
    const before = load.accepted.length
    await waitFor(() => load.accepted.length > before + 300, { what: '300 more to be accepted' })
    await load.stop()
    const history = await historyOf(shop, load.accepted, [at])
    expect(history).toEqual({ lost: [], duplicates: [], dead: 0, open: 0 })
  })

  test('with slow attempts in the air: each ends as it ends, recorded, and none is made twice', async () => {
    const shop = posthorn.tenant('term-slow')
    const answers = gate()
    const at = receiver.endpoint({ status: 200, after: answers.opened })
    await shop.webhook({ url: at.url, timeoutMs: 10_000 })
    const events = await inParallel(upTo(20), 20, () => shop.publish())
    await at.arrivals(20)
    const workers = victims()
    for (const worker of workers) worker.signal('SIGTERM')
    // Those with nothing in the air have ended; the others wait for what they have there.
    await waitFor(
      () => workers.every((each) => /shutting down[^\n]*\n$/.test(each.output) || !each.running),
      {
        what: 'the workers to say that they stop',
        context: () => posthorn.tails(),
      },
    )
    expect(workers.some((each) => each.running)).toBe(true)
    answers.open()
    expect(await inParallel(workers, 2, (each) => each.ended(12_000))).toEqual([0, 0])
    await startAll()
    const history = await historyOf(
      shop,
      events.map((each) => each.id),
      [at],
    )
    expect(history).toEqual({ lost: [], duplicates: [], dead: 0, open: 0 })
  })

  test('and told again half a second later: it ends at once, and nothing is lost', async () => {
    const shop = posthorn.tenant('term-twice')
    const at = receiver.endpoint((_arrival, nth) => (nth === 1 ? { hang: 'headers' } : 200))
    await shop.webhook({ url: at.url, timeoutMs: 30_000 })
    const events = await inParallel(upTo(20), 20, () => shop.publish())
    await at.arrivals(20)
    const startedMs = performance.now()
    const workers = victims()
    // The same signal twice within moments is one Ctrl-C that npm has passed on.
    const told = (): boolean => {
      for (const each of workers) each.signal('SIGTERM')
      return workers.every((each) => !each.running)
    }
    await waitFor(told, { what: 'the workers to end', everyMs: 100 })
    expect(performance.now() - startedMs).toBeLessThan(2_000)
    await startAll()
    await inParallel(events, 16, ({ id }) => shop.only(id, 'delivered', 20_000))
    await shop.deadLetters(0)
  })
})
