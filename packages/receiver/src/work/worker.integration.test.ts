import { randomUUID } from 'node:crypto'
import { sharedRedisUrl } from '@posthorn/shared/testing/namespace.ts'
import { Queue, type Worker, type WorkerOptions } from 'bullmq'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createReceiver } from '../receive/receiver.ts'
import { none } from '../scheme/credential.ts'
import { createWorker, type Handler } from './worker.ts'

const WAIT = { timeout: 30_000, interval: 10 }

let queue: Queue
let workers: Worker[]

beforeEach(async () => {
  const connection = { url: sharedRedisUrl() }
  const backoff = { type: 'fixed', delay: 1 }
  const defaultJobOptions = { attempts: 5, backoff, removeOnComplete: false }
  queue = new Queue(`receiver-${randomUUID()}`, { connection, defaultJobOptions })
  workers = []
  await createReceiver({ queue, scheme: none() }).receive({}, Buffer.from('{"type":"a","n":1}'))
})
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close(true)))
  await queue.obliterate({ force: true })
  await queue.close()
})

function work(handler: Handler, options: Partial<WorkerOptions> = {}) {
  const connection = { url: sharedRedisUrl() }
  const worker = createWorker(queue.name, handler, { connection, ...options })
  worker.on('error', () => undefined)
  workers.push(worker)
}

const completed = () =>
  vi.waitFor(async () => expect(await queue.getCompletedCount()).toBe(1), WAIT)

test('a handler that fails is tried again, and its steps that are done are not repeated', async () => {
  const ran: string[] = []
  const seen: unknown[] = []
  work(async (event, step, { attemptsMade }) => {
    const user = await step('load', () => {
      ran.push('load')
      return { id: event.json<{ n: number }>().n, at: new Date(0), none: undefined }
    })
    seen.push(user)
    if (attemptsMade === 0) throw new Error('the first time')
    await step('mail', () => {
      ran.push('mail')
      if (attemptsMade === 1) throw new Error('the second time')
    })
    const [a, b] = await Promise.all([step('a', () => null), step('b', (key) => key)])
    if (attemptsMade === 2) throw new Error('the third time')
    ran.push(`${user.id} ${a} ${b === `${event.id}/b`}`)
  })
  await completed()
  expect(ran).toEqual(['load', 'mail', 'mail', '1 null true'])
  // Every run sees the same, the first one too: what JSON makes of it.
  expect(seen).toEqual(Array(4).fill({ id: 1, at: '1970-01-01T00:00:00.000Z' }))
  expect('none' in (seen[0] as object)).toBe(false)
})

test('two steps of one name are a mistake, which is told', async () => {
  const told: unknown[] = []
  work(async (_event, step) => {
    await step('same', () => 1)
    await step('same', () => 2).catch((error) => told.push(error))
  })
  await completed()
  expect(told[0]).toBeInstanceOf(TypeError)
})

test('a worker that is gone in the middle of a job leaves its steps to the next one', async () => {
  const ran: string[] = []
  const first = Promise.withResolvers<void>()
  const options = { lockDuration: 500, stalledInterval: 200 }
  work(
    async (_event, step) => {
      await step('once', () => ran.push('once'))
      first.resolve()
      await new Promise(() => undefined)
    },
    // It renews no lock, as if its process had been killed.
    { ...options, skipLockRenewal: true, skipStalledCheck: true },
  )
  await first.promise
  work(async (_event, step) => {
    await step('once', () => ran.push('twice'))
    await step('then', () => ran.push('then'))
  }, options)
  await completed()
  expect(ran).toEqual(['once', 'then'])
})
