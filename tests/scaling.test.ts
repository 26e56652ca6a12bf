import { expect, onTestFinished, test } from 'vitest'
import { historyOf } from './harness/history.ts'
import { Load } from './harness/load.ts'
import { scrape } from './harness/metrics.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Endpoint } from './harness/receiver.ts'
import { inParallel, upTo, waitFor } from './harness/wait.ts'

/**
 * A worker of these sends 16 a second at the most, whatever the machine: four at once, each answered after
 * 250 ms. So more workers are more throughput as long as the machine is not what binds.
 */
const SLOW_WORKERS = { POSTHORN_WORKER_MAX_IN_FLIGHT: '4', POSTHORN_WORKER_EVENT_BATCHES: '1' }
const RECEIVER_MS = 250
const BACKLOG = 600
const TOO_OLD_SECONDS = 4

test('by the oldest waiting age: workers that are added drain a backlog faster, and lose nothing when removed', {
  timeout: 120_000,
}, async () => {
  const posthorn = await startPosthorn({ apis: 1, workers: 1, env: SLOW_WORKERS })
  onTestFinished(() => posthorn.stop())
  const at = (await posthorn.receiver()).endpoint({ delayMs: RECEIVER_MS })
  const shop = posthorn.tenant('scaling')
  await shop.webhook({ url: at.url })

  // What an autoscaler reads grows while one worker cannot keep up with what goes on coming.
  const load = new Load(shop, 'goes-on', 1, 100)
  const published = upTo(BACKLOG).map((n) => `backlog-${n}`)
  await inParallel(published, 16, (id) => shop.publishUntilTaken({ id }))
  await waitFor(async () => (await oldestWaiting(posthorn)) > TOO_OLD_SECONDS, {
    what: 'events to wait for too long',
    everyMs: 200,
    context: () => posthorn.tails(),
  })
  const alone = await rateOf(at)
  const added = await inParallel(upTo(2), 2, () => posthorn.startWorker())
  await at.arrivals(at.received.length + 20)
  const together = await rateOf(at)
  expect(together).toBeGreaterThan(1.8 * alone)

  // Removed while there is work for them, as an autoscaler may do it.
  expect(await inParallel(added, 2, (worker) => worker.kill('SIGTERM'))).toEqual([0, 0])
  expect(at.received.length).toBeLessThan(BACKLOG)
  await load.stop()
  await load.repeat(shop)
  await posthorn.startWorker({ POSTHORN_WORKER_MAX_IN_FLIGHT: '64' })
  const ids = [...published, ...load.answers.map(({ id }) => id)]
  const history = await historyOf(shop, ids, [at])
  expect(history).toEqual({ lost: [], duplicates: [], dead: 0, open: 0 })
  await waitFor(async () => (await oldestWaiting(posthorn)) === 0, { what: 'nothing to wait' })
})

/** Seconds, as the query of the chart's autoscaler reads them from an API. */
async function oldestWaiting(posthorn: Posthorn): Promise<number> {
  const ages = (await scrape(posthorn.url)).filter(
    ({ name, labels }) =>
      name === 'posthorn_queue_oldest_waiting_seconds' && labels.queue !== 'dead-letters',
  )
  return Math.max(...ages.map(({ value }) => value))
}

/** Requests a second, over the next sixty. */
async function rateOf(at: Endpoint): Promise<number> {
  const from = at.received.length
  const arrivals = await at.arrivals(from + 60)
  const [first, last] = [arrivals[from], arrivals[from + 59]]
  return 59_000 / ((last?.atMs ?? 0) - (first?.atMs ?? 0))
}
