import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startEngine, type TestEngine } from '../testing/engine.ts'
import { addAgain, hasElder } from './again.ts'
import type { ShardQueues } from './open.ts'
import { DELIVERIES } from './queues.ts'
import type { Job } from './worker.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())

test('a job that is done again never has the name of the one it is made from, nor ever longer ones', async () => {
  const add = vi.fn()
  const queues = { deliveries: { add } } as unknown as ShardQueues
  let id = 'job_1'
  const names: string[] = []
  for (let i = 0; i < 4; i++) {
    await addAgain(queues, DELIVERIES, { id, data: { kind: 'wake' } }, 0, 0)
    id = add.mock.lastCall?.[2].jobId
    names.push(id)
  }
  expect(names).toEqual(['again-job_1', 'anew-job_1', 'again-job_1', 'anew-job_1'])
})

test('whoever does the work of a job once more sees that job while it is there, and not the other way round', async () => {
  const [queues] = engine.queues as [ShardQueues]
  const { deliveries } = queues
  const add = (jobId: string, timestamp: number) =>
    deliveries.add('wake', {}, { jobId, timestamp, delay: 600_000 })
  const first = await add('job_1', 1_000)
  const again = await add('again-job_1', 2_000)
  const anew = await add('anew-job_1', 3_000)
  const elders = async (...jobs: Job[]) =>
    await Promise.all(jobs.map((job) => hasElder(queues, DELIVERIES, job)))
  expect(await elders(first, again, anew)).toEqual([false, true, true])
  await first.remove()
  expect(await elders(again, anew)).toEqual([false, true])
  await again.remove()
  expect(await elders(anew)).toEqual([false])
})
