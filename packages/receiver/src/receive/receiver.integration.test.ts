import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { sharedRedisUrl } from '@posthorn/shared/testing/namespace.ts'
import { startRedis, type TestRedis } from '@posthorn/shared/testing/redis.ts'
import { Queue, type Worker } from 'bullmq'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { logto } from '../scheme/logto.ts'
import { createWorker } from '../work/worker.ts'
import { createReceiver, type Outcome } from './receiver.ts'

const SECRET = 'a signing key'
const WAIT = { timeout: 30_000, interval: 10 }

/** Closed in this order after each test. */
let open: { close(): Promise<unknown> }[]
let queue: Queue

beforeEach(() => {
  open = []
  queue = queueAt(sharedRedisUrl())
})
afterEach(async () => {
  for (const each of open.reverse()) await each.close()
})

function queueAt(url: string): Queue {
  const made = new Queue(`receiver-${randomUUID()}`, { connection: { url } })
  made.on('error', () => undefined)
  open.push(made)
  return made
}

function signed(body: string): [Record<string, string>, Buffer] {
  const signature = createHmac('sha256', SECRET).update(body).digest('hex')
  return [{ 'logto-signature-sha-256': signature }, Buffer.from(body)]
}

const event = (n: number) => signed(`{"event":"PostSignIn","createdAt":"2026-01-01","n":${n}}`)
const scheme = logto(SECRET)

test('a handler that is slow holds up no answer', async () => {
  let release = () => {}
  const answered = new Promise<void>((resolve) => {
    release = resolve
  })
  let isDone = false
  // It cannot end before the answer is there: if the answer waited for it, both would wait for ever.
  const worker = createWorker(
    queue.name,
    async () => {
      await answered
      isDone = true
    },
    { connection: { url: sharedRedisUrl() } },
  )
  open.push(worker)
  const begun = once(worker, 'active')
  const { status } = await createReceiver({ queue, scheme }).receive(...event(1))
  expect(status).toBe(202)
  await begun
  expect(isDone).toBe(false)
  release()
  await vi.waitFor(() => expect(isDone).toBe(true), WAIT)
})

test('a repeat that comes when the job is done and removed is still told', async () => {
  const outcomes: Outcome[] = []
  const onAnswer = (outcome: Outcome) => outcomes.push(outcome)
  const jobOptions = { removeOnComplete: true }
  const receiver = createReceiver({ queue, scheme, onAnswer, jobOptions })
  const ids: string[] = []
  const worker: Worker = createWorker(queue.name, async ({ id }) => ids.push(id), {
    connection: { url: sharedRedisUrl() },
  })
  open.push(worker)
  const completed = once(worker, 'completed')
  await receiver.receive(...event(1))
  await completed
  await vi.waitFor(async () => expect(await queue.getCompletedCount()).toBe(0), WAIT)
  expect((await receiver.receive(...event(1))).status).toBe(202)
  const next = once(worker, 'completed')
  await receiver.receive(...event(2))
  await next
  expect(outcomes.map(({ result }) => result)).toEqual(['queued', 'repeated', 'queued'])
  expect(new Set(ids).size).toBe(2)
  expect(ids.length).toBe(2)
})

test('of one event that arrives twenty times at once one job is made', async () => {
  const receiver = createReceiver({ queue, scheme })
  const answers = await Promise.all(Array.from({ length: 20 }, () => receiver.receive(...event(1))))
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202))
  expect(await queue.count()).toBe(1)
})

test('a body that is no UTF-8 is refused: a job could not hold its bytes', async () => {
  const body = Buffer.from([0x22, 0xff, 0x22])
  const signature = createHmac('sha256', SECRET).update(body).digest('hex')
  const headers = { 'logto-signature-sha-256': signature }
  expect((await createReceiver({ queue, scheme }).receive(headers, body)).status).toBe(400)
})

test('the queue’s own job options win over the defaults, the receiver’s over both', async () => {
  queue.jobsOpts = { attempts: 3, priority: 5 }
  await createReceiver({ queue, scheme, jobOptions: { attempts: 2 } }).receive(...event(1))
  const [job] = await queue.getJobs(['prioritized'])
  expect(job?.opts).toMatchObject({ attempts: 2, priority: 5, backoff: { type: 'exponential' } })
})

describe('while Redis', () => {
  let redis: TestRedis
  beforeEach(async () => {
    redis = await startRedis({ persistent: true })
  })
  afterEach(() => redis.stop())

  test.each([
    ['is away', 'SIGKILL'],
    ['is silent', 'SIGSTOP'],
  ] as const)('%s the answer is 503, and 202 again when it is back', async (_how, signal) => {
    const outcomes: Outcome[] = []
    const onAnswer = (outcome: Outcome) => outcomes.push(outcome)
    const its = queueAt(redis.url)
    const receiver = createReceiver({ queue: its, scheme, timeoutMs: 500, onAnswer })
    expect((await receiver.receive(...event(1))).status).toBe(202)
    await redis.kill(signal)
    const answer = await receiver.receive(...event(2))
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
    await (signal === 'SIGSTOP' ? redis.kill('SIGCONT') : redis.restart())
    const again = async () => expect((await receiver.receive(...event(2))).status).toBe(202)
    await vi.waitFor(again, WAIT)
    // What was answered 503 may have been queued by then; its repeat is no second event.
    expect(await its.count()).toBe(2)
    expect(outcomes[1]).toMatchObject({ result: 'unavailable' })
  })
})

describe('a process that is killed between queue and answer', () => {
  let child: ChildProcess
  afterEach(() => child.kill('SIGKILL'))

  async function startChild(kill: boolean): Promise<string> {
    const main = fileURLToPath(new URL('../testing/killed-receiver.ts', import.meta.url))
    const its = { REDIS_URL: sharedRedisUrl(), QUEUE: queue.name, SECRET }
    const env = { ...process.env, ...its, ...(kill ? { KILL: '1' } : {}) }
    child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data')
    return `http://127.0.0.1:${String(line).trim()}`
  }

  test('leaves one job, and the repeat is answered 2xx', async () => {
    const [headers, body] = event(1)
    const post = (url: string) =>
      fetch(url, { method: 'POST', headers, body: new Uint8Array(body) })
    await expect(post(await startChild(true))).rejects.toThrow()
    expect(await queue.count()).toBe(1)
    expect((await post(await startChild(false))).status).toBe(202)
    expect(await queue.count()).toBe(1)
  })
})
