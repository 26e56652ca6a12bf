import { openQueues } from '@posthorn/shared/queue/open.ts'
import { EVENTS } from '@posthorn/shared/queue/queues.ts'
import { shardsOf } from '@posthorn/shared/queue/shards.ts'
import { openWorker } from '@posthorn/shared/queue/worker.ts'
import { connectRedis } from '@posthorn/shared/runtime/redis.ts'
import { request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { historyOf } from './harness/history.ts'
import { Load } from './harness/load.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import { previousVersion } from './harness/previous.ts'
import type { Service } from './harness/service.ts'
import { waitFor } from './harness/wait.ts'

async function started(options: Parameters<typeof startPosthorn>[0]): Promise<Posthorn> {
  const posthorn = await startPosthorn(options)
  onTestFinished(() => posthorn.stop())
  return posthorn
}

// Longer than others: the version before may need packages of its own.
test('the version before and this one work side by side: nothing is lost, nothing sent twice', {
  timeout: 120_000,
}, async ({ skip }) => {
  const before = await previousVersion()
  if ('missing' in before) return skip(before.missing)
  onTestFinished(() => before.remove())
  const posthorn = await started({ apis: 0, workers: 0 })
  const oldApi = await posthorn.startApi({}, before)
  const oldWorker = await posthorn.startWorker({}, before)
  const receiver = await posthorn.receiver()
  const at = receiver.endpoint({ delayMs: 20 })
  const shop = posthorn.tenant('upgrade')
  await shop.webhook({ url: at.url })
  const load = new Load(shop, 'old-api', 4)
  await at.arrivals(100)

  // Workers come first; then the new API publishes for old and new workers alike.
  const worker = await posthorn.startWorker()
  await posthorn.startApi()
  const newLoad = new Load(shop.through(posthorn.client(1)), 'new-api', 4)
  await waitFor(
    async () => (await deliveredBy(worker)) > 50 && (await deliveredBy(oldWorker)) > 150,
    {
      what: 'both workers to deliver',
      context: () => posthorn.tails(),
    },
  )
  expect(await oldWorker.kill('SIGTERM')).toBe(0)
  await load.stop()
  expect(await oldApi.kill('SIGTERM')).toBe(0)
  const so = at.received.length
  await at.arrivals(so + 100)
  await newLoad.stop()

  // What the old API did not answer in time is repeated at the new one, with the same ids.
  const upgraded = shop.through(posthorn.client(1))
  for (const each of [load, newLoad]) await each.repeat(upgraded)
  const published = [...load.answers, ...newLoad.answers].map(({ id }) => id)
  const history = await historyOf(upgraded, published, [at])
  expect(history).toEqual({ lost: [], duplicates: [], dead: 0, open: 0 })
})

async function deliveredBy(worker: Service): Promise<number> {
  const { body } = await request(`${worker.url}/metrics`)
  const found = /^posthorn_deliveries_total\{result="delivered"\} (\d+)/m.exec(await body.text())
  return Number(found?.[1] ?? 0)
}

test('a job of a newer version waits for a worker that knows it, and holds nothing else up', async () => {
  const posthorn = await started({ apis: 1, workers: 1 })
  const [worker] = posthorn.workers as [Service]
  const redis = connectRedis(posthorn.redisUrl, 'consumer')
  onTestFinished(() => redis.disconnect())
  const [queues] = openQueues(redis, shardsOf(posthorn.namespace, 1))
  if (queues === undefined) throw new Error('no queues')
  const data = { v: 2, kind: 'batch', events: 'in a form that is not known yet' }
  await queues.events.add('batch', data, { jobId: 'newer' })

  await waitFor(async () => (await warningsOf(worker)).some((text) => text.includes('batch v2')), {
    what: 'the worker to warn of a newer job',
    context: () => posthorn.tails(),
  })
  const at = (await posthorn.receiver()).endpoint()
  const shop = posthorn.tenant('beside')
  await shop.webhook({ url: at.url })
  const { id } = await shop.publish()
  await shop.only(id, 'delivered')
  await waitFor(async () => (await queues.events.getJobState('newer')) === 'delayed', {
    what: 'the newer job to wait again',
  })
  expect(worker.output).toContain('a job of a newer version waits')
  expect(worker.output).not.toContain('a job threw')
  expect(await worker.kill('SIGTERM')).toBe(0)

  const taken: unknown[] = []
  const newer = openWorker(redis, queues.shard, EVENTS, 1, async (job) => {
    taken.push({ data: job.data, failed: job.attemptsMade })
  })
  onTestFinished(() => newer.close())
  void newer.run()
  await waitFor(() => taken.length > 0, { what: 'a newer worker to take the job' })
  expect(taken).toEqual([{ data, failed: 0 }])
  expect(await queues.events.getFailedCount()).toBe(0)
})

async function warningsOf(worker: Service): Promise<string[]> {
  const { body } = await request(`${worker.url}/readyz`)
  return ((await body.json()) as { warnings: string[] }).warnings
}
