import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startEngine } from '../testing/engine.ts'
import type { ShardQueues } from './open.ts'
import { DELIVERIES } from './queues.ts'
import { type Job, openWorker, type Pace } from './worker.ts'

/** The moment that counts comes by chance, to one consumer in three or four. */
const CONSUMERS = 10
const ADDS = 150
const DELAY_MS = 1_000
const ON_TIME_MS = 3_000

/** @returns how late the latest of many delayed jobs came, most of them when nothing was added any more */
async function latest(pace: Pace): Promise<number> {
  const engine = await startEngine()
  const { deliveries } = engine.queues[0] as ShardQueues
  const lateMs: number[] = []
  const process = async ({ data }: Job) => {
    lateMs.push(performance.now() - data.dueAt)
    await sleep(3)
  }
  const worker = openWorker(engine.redis, engine.shard, DELIVERIES, 50, process, { pace })
  void worker.run()
  await worker.waitUntilReady()
  let added = 0
  for (; added < ADDS; added += 3) {
    const data = { dueAt: performance.now() + DELAY_MS } as never
    const job = { name: 'job', data, opts: { delay: DELAY_MS } }
    await deliveries.addBulk([job, job, job])
    await sleep(24)
  }
  await expect.poll(() => lateMs.length, { timeout: 15_000 }).toBe(added)
  await worker.close()
  await engine.close()
  return Math.max(...lateMs)
}

test('what falls due is taken on time, though no end of a job may take the next one', async () => {
  const pace: Pace = { mayTake: () => false, whenMayTake: async () => true }
  const lateMs = await Promise.all(Array.from({ length: CONSUMERS }, () => latest(pace)))
  expect(Math.max(...lateMs)).toBeLessThan(ON_TIME_MS)
}, 30_000)
