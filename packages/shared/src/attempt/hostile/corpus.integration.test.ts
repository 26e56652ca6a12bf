import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RetryPolicy } from '../../retry/policy.ts'
import { verdict } from '../../retry/verdict.ts'
import { lookupByServers } from '../resolve-servers.ts'
import { type AttemptResult, MAX_BODY_BYTES } from '../result.ts'
import { Sender } from '../sender.ts'
import { HOSTS, type HostileCase } from './case.ts'
import { CORPUS } from './corpus.ts'
import { HostileReceivers } from './receivers.ts'

// Every case against one sender, one pool: it ends in time, as the table says, within 20 MB, and what
// comes after it through the same pool is served. One connection to an origin at a time, so that a
// slot which a case keeps would stop the very next request.

const GRACE_MS = 500
/** Deadline of a case that has to end by itself. */
const ENOUGH_MS = 5_000
const MEMORY_BYTES = 20 * 1_000_000
const SAMPLE_EVERY_MS = 5

/** With these not a byte of the request has left. */
const UNSENT = new Set(['dns', 'blocked', 'connect', 'tls'])

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

let receivers: HostileReceivers
let sender: Sender
let healthyPort: number
let kept: number

function keptBytes(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

beforeAll(async () => {
  receivers = await HostileReceivers.start()
  healthyPort = await receivers.open('healthy')
  sender = new Sender({
    allowCidrs: ['127.0.0.1/32'],
    ca: receivers.ca,
    lookup: lookupByServers([receivers.dns]),
    maxConnectionsPerOrigin: 1,
  })
  for (let i = 0; i < 20; i++) await ordinary(`https://${HOSTS.ordinary}:${healthyPort}`)
})
beforeAll(() => {
  kept = keptBytes()
})
afterAll(async () => {
  await sender.close()
  await receivers.stop()
})

const SMALL = Buffer.from('{}')
const bodyOf = ({ bodyBytes }: HostileCase) =>
  bodyBytes === undefined ? SMALL : Buffer.alloc(bodyBytes, '1')

function send(origin: string, body: Buffer, timeoutMs: number): Promise<AttemptResult> {
  return sender.send({
    url: { origin, path: '/hook' },
    headers: ['webhook-id', 'evt_1'],
    body,
    timeoutMs,
  })
}

async function ordinary(origin: string): Promise<void> {
  expect(await send(origin, SMALL, ENOUGH_MS)).toMatchObject({ outcome: 'success' })
}

/** The most memory that was taken while something was done, above what was taken before. */
async function peakBytes(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss()
  let peak = before
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  const timer = setInterval(look, SAMPLE_EVERY_MS)
  await work()
  clearInterval(timer)
  look()
  return peak - before
}

function originOf({ host = HOSTS.ordinary, tls, https }: HostileCase, port: number): string {
  return `${tls || https ? 'https' : 'http'}://${host}:${port}`
}

async function attempt(hostile: HostileCase, origin: string): Promise<AttemptResult> {
  const body = bodyOf(hostile)
  const timeoutMs = hostile.silentForMs ?? ENOUGH_MS
  const results: AttemptResult[] = []
  const tookBytes = await peakBytes(async () => {
    const started = performance.now()
    results.push(await send(origin, body, timeoutMs))
    const tookMs = performance.now() - started
    if (hostile.silentForMs === undefined) expect(tookMs).toBeLessThan(ENOUGH_MS)
    else expect(tookMs).toBeLessThan(timeoutMs + GRACE_MS)
  })
  expect(tookBytes).toBeLessThan(MEMORY_BYTES)
  return results[0] as AttemptResult
}

test('there are more than forty, each with its own name', () => {
  expect(CORPUS.length).toBeGreaterThan(40)
  expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length)
})

for (const [index, hostile] of CORPUS.entries()) {
  const { name, expected } = hostile
  test(`${name}: ${expected.outcome} ${expected.statusCode ?? ''}`, async () => {
    const port = await receivers.open(index)
    const origin = originOf(hostile, port)
    for (let i = 0; i < (hostile.warmUps ?? 0); i++) await ordinary(origin)

    const result = await attempt(hostile, origin)
    const { error, waitMs, ...plain } = expected
    expect(result).toMatchObject(plain)
    if (error) expect(result.error).toMatch(error)
    if (waitMs !== undefined) expect(waitOf(result)).toBeLessThanOrEqual(waitMs)
    if (waitMs !== undefined) expect(waitOf(result)).toBeGreaterThan(waitMs - 1_000)
    expect(result.responseBody?.length ?? 0).toBeLessThanOrEqual(MAX_BODY_BYTES)
    expect(result.error ?? '').not.toMatch(/\d+\.\d+\.\d+\.\d+/)

    expect(sender.inTheAir).toBe(0)
    await ordinary(`https://${HOSTS.ordinary}:${healthyPort}`)
    if (origin.startsWith(`http://${HOSTS.ordinary}`) && !hostile.absent) {
      await receivers.calm()
      await ordinary(origin)
      await ordinary(origin)
    }
    // An origin is remembered for its idle connection and for nothing else.
    expect(sender.origins).toBe(sender.idleConnections)
    const seen = await receivers.close()
    expect(seen.connections).toBeLessThanOrEqual(1)
    if (UNSENT.has(result.outcome)) expect(seen.requests).toBe(hostile.warmUps ?? 0)
  })
}

test('all of them together leave no memory behind', async () => {
  // What a closed socket held goes when the kernel and the collector have come to it.
  const left = () => keptBytes() - kept
  await expect.poll(left, { timeout: 20_000, interval: 500 }).toBeLessThan(MEMORY_BYTES)
})

const policy: RetryPolicy = { type: 'schedule', delaysSeconds: [5], jitter: 0 }

function waitOf(result: AttemptResult): number {
  const nowMs = Date.now()
  const judged = verdict({ result, attempt: 1, policy, nowMs, random: 0.5 })
  return judged.kind === 'retry' ? judged.dueMs - nowMs : 0
}
