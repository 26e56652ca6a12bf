import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Circuit } from '../circuit/circuit.ts'
import { CircuitStore } from '../circuit/store.ts'
import { circuitsKey } from '../queue/keys.ts'
import { circuitOldestOpen, circuits } from '../runtime/metrics.ts'
import { startEngine, type TestEngine } from '../testing/engine.ts'
import { sampleGauges } from './gauges.ts'

let engine: TestEngine
let store: CircuitStore

beforeAll(async () => {
  engine = await startEngine()
  store = new CircuitStore(engine.redis, engine.namespace)
})
afterAll(() => engine.close())

const NOW_MS = 10_000_000
const lane = (webhookId: string) => ({ tenant: 'acme', webhookId })

function failing(open?: Circuit['open']): Circuit {
  const row = { failingSinceMs: 1, failures: 20, deliveries: [], lastFailure: 'timeout' }
  return open ? { ...row, state: 'open', open } : { ...row, state: 'closed' }
}

const opened = (sinceMs: number, probeAtMs = NOW_MS + 1, failedProbes = 0) =>
  failing({ sinceMs, probeAtMs, failedProbes })

async function ageSeconds(): Promise<number | undefined> {
  await sampleGauges(engine.redis, engine.namespace, engine.shards, NOW_MS)
  return (await circuitOldestOpen.get()).values[0]?.value
}

test('the age of the oldest open circuit is that of one circuit: a failed probe keeps it, a success ends it', async () => {
  await store.change(lane('fails'), () => failing())
  expect(await ageSeconds()).toBe(0)
  await store.change(lane('first'), () => opened(NOW_MS - 3_000_000))
  await store.change(lane('second'), () => opened(NOW_MS - 60_000))
  expect(await ageSeconds()).toBe(3_000)
  await store.change(lane('first'), () => opened(NOW_MS - 3_000_000, NOW_MS - 1, 9))
  expect(await ageSeconds()).toBe(3_000)
  await store.change(lane('first'), () => undefined)
  expect(await ageSeconds()).toBe(60)
})

test('a circuit that an older worker listed counts as open, and as no age', async () => {
  await engine.redis.del(circuitsKey(engine.namespace))
  await engine.redis.hset(circuitsKey(engine.namespace), 'acme/old', NOW_MS + 1)
  expect(await ageSeconds()).toBe(0)
  const open = (await circuits.get()).values.find(({ labels }) => labels.state === 'open')
  expect(open?.value).toBe(1)
})
