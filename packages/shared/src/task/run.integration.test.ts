import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Reopener } from '../delivery/reopen.ts'
import { parseState } from '../delivery/state.ts'
import { fanOutKey, jobKey } from '../queue/keys.ts'
import { DELIVERIES } from '../queue/queues.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { Killed, killedAt } from '../testing/break-at.ts'
import { startEngine, type TestEngine } from '../testing/engine.ts'
import { attempted, fanOut, indexAll, webhookId } from '../testing/history.ts'
import { countTargets, runTaskSlice } from './run.ts'
import { startTask, sweepTasks } from './start.ts'
import { TaskStore } from './store.ts'
import type { Task, TaskSpec } from './task.ts'

let engine: TestEngine
let enabled: boolean
beforeEach(async () => {
  engine = await startEngine()
  enabled = true
})
afterEach(() => engine.close())

const HOOK = webhookId(1)
const LETTER_MS = 3_600_000
const REDRIVE: TaskSpec = { kind: 'redrive', filter: { webhookId: HOOK } }
const DISABLE: TaskSpec = { kind: 'disable', tenant: 'acme', webhook: HOOK }

const storeOn = (redis: RedisClient) =>
  new TaskStore({ redis, namespace: engine.namespace, now: Date.now, retentionMs: 60_000 })

/** What a worker runs tasks with; `redis` may be one that is killed. */
function runner(redis: RedisClient = engine.redis) {
  const on = { ...engine, redis }
  return {
    store: storeOn(redis),
    now: Date.now,
    history: on,
    actions: new Reopener({ ...on, now: Date.now, deadLetterRetentionMs: LETTER_MS }),
    webhooks: {
      current: async () => ({
        get: () => ({ config: { enabled } }),
        match: (type: string) => (type.startsWith('user.') ? [{ id: HOOK }] : []),
      }),
    },
  }
}

const begin = (spec: TaskSpec) => startTask({ ...engine, store: storeOn(engine.redis) }, spec)

/** Runs a task to its end, as its job does, waiting as long as it says. `meanwhile` happens after each slice. */
async function runToEnd(id: string, meanwhile = async () => {}): Promise<void> {
  for (;;) {
    const { againMs } = await runTaskSlice(runner(), id)
    await meanwhile()
    if (againMs === undefined) return
    await indexAll(engine)
    await new Promise((resolve) => setTimeout(resolve, againMs))
  }
}

async function letters(count: number, prefix = 'e'): Promise<void> {
  for (let n = 0; n < count; n++) {
    await attempted(engine, await fanOut(engine, `${prefix}${n}`, [HOOK]), HOOK, 'x')
  }
  await indexAll(engine)
}

const stateOf = async (id: string) => {
  const packed = await engine.redis.hget(fanOutKey(engine.shard, 'acme', id), HOOK)
  return packed ? parseState(packed) : undefined
}

const progressOf = async (id: string) => {
  const task = await storeOn(engine.redis).get(id)
  return [task?.state, task?.progress.done, task?.progress.total, task?.progress.failed]
}

describe('a redrive', () => {
  test('reopens every dead letter of its filter, and counts them', async () => {
    await letters(130)
    const { id } = await begin(REDRIVE)
    await runToEnd(id)
    expect(await progressOf(id)).toEqual(['done', 130, 130, 0])
    expect(await stateOf('e129')).toMatchObject({ state: 'p', trigger: 'manual', round: 2 })
  })

  test('killed at any command, reopens each once and counts each once', async () => {
    let kills = 0
    for (const when of ['before', 'after'] as const) {
      for (let n = 1; ; n++) {
        const prefix = `${when}${n}-`
        await letters(3, prefix)
        const { id } = await begin(REDRIVE)
        const survived = await runTaskSlice(runner(killedAt(engine.redis, n, when)), id)
          .then(() => true)
          .catch((error: unknown) => {
            if (!(error instanceof Killed)) throw error
            return false
          })
        await runToEnd(id)
        expect(await progressOf(id), `killed ${when} command ${n}`).toEqual(['done', 3, 3, 0])
        for (const i of [0, 1, 2]) {
          expect(await stateOf(`${prefix}${i}`)).toMatchObject({ state: 'p', round: 2 })
        }
        await indexAll(engine)
        if (survived) break
        kills++
      }
    }
    expect(kills).toBeGreaterThan(20)
  })

  test('leaves alone what dies after it began', async () => {
    await letters(2)
    const task = await begin(REDRIVE)
    const late = await fanOut(engine, 'late', [HOOK])
    await attempted(engine, late, HOOK, 'x', { endedMs: task.createdMs + 5_000 })
    await indexAll(engine)
    await runToEnd(task.id)
    expect(await progressOf(task.id)).toEqual(['done', 2, 2, 0])
    expect((await stateOf('late'))?.state).toBe('x')
  })

  test('cancelled, stops where it is', async () => {
    await letters(10)
    const { id } = await begin({ ...REDRIVE, ratePerSecond: 4 })
    const { againMs } = await runTaskSlice(runner(), id)
    expect(againMs).toBeGreaterThan(0)
    expect(await storeOn(engine.redis).cancel(id)).toBe(true)
    expect(await runTaskSlice(runner(), id)).toEqual({})
    expect(await progressOf(id)).toEqual(['cancelled', 2, 10, 0])
    expect(await storeOn(engine.redis).cancel(id)).toBe(false)
  })

  test('keeps its rate although its job comes early', async () => {
    await letters(6)
    const { id } = await begin({ ...REDRIVE, ratePerSecond: 2 })
    for (let turn = 0; turn < 5; turn++) await runTaskSlice(runner(), id)
    expect(await progressOf(id)).toEqual(['running', 1, 6, 0])
  })

  test('waits until the lists hold what its caller has seen', async () => {
    await letters(1)
    const unseen = await fanOut(engine, 'unseen', [HOOK])
    await attempted(engine, unseen, HOOK, 'x', { endedMs: Date.now() - 10 })
    const { id } = await begin(REDRIVE)
    expect((await runTaskSlice(runner(), id)).againMs).toBeGreaterThan(0)
    await indexAll(engine)
    await runToEnd(id)
    expect(await progressOf(id)).toEqual(['done', 2, 2, 0])
  })
})

test('a purge gives dead letters up: they stay dead and no redrive finds them', async () => {
  await letters(3)
  const { id } = await begin({ ...REDRIVE, kind: 'purge' })
  await runToEnd(id)
  expect(await progressOf(id)).toEqual(['done', 3, 3, 0])
  expect((await stateOf('e1'))?.state).toBe('e')
  await indexAll(engine)
  expect(await countTargets(runner(), { spec: REDRIVE, createdMs: Date.now() })).toBe(0)
})

describe('a disabled webhook', () => {
  test('has its open deliveries ended as dead letters, also those no list knew yet', async () => {
    await fanOut(engine, 'listed', [HOOK])
    await indexAll(engine)
    await fanOut(engine, 'unlisted', [HOOK])
    enabled = false
    const { id } = await begin(DISABLE)
    await runToEnd(id)
    expect(await progressOf(id)).toEqual(['done', 2, 2, 0])
    for (const event of ['listed', 'unlisted']) {
      expect(await stateOf(event)).toMatchObject({ state: 'x', extra: ['disabled'] })
    }
  })

  test('that is enabled again keeps what is open', async () => {
    await fanOut(engine, 'open', [HOOK])
    await indexAll(engine)
    const { id } = await begin(DISABLE)
    await runToEnd(id)
    expect(await progressOf(id)).toEqual(['done', 0, 0, 0])
    expect((await stateOf('open'))?.state).toBe('p')
  })
})

test('a replay of what is missing adds the webhook to events that it matches now', async () => {
  await fanOut(engine, 'missed', [])
  await fanOut(engine, 'other', [], { type: 'order.paid' })
  await fanOut(engine, 'has', [HOOK])
  await indexAll(engine)
  const replay: TaskSpec = {
    kind: 'replay',
    tenant: 'acme',
    webhook: HOOK,
    sinceMs: 0,
    only: 'missing',
  }
  const { id } = await begin(replay)
  await runToEnd(id)
  expect(await progressOf(id)).toEqual(['done', 1, 1, 0])
  expect(await stateOf('missed')).toMatchObject({ state: 'p', trigger: 'replay', round: 1 })
  expect(await stateOf('other')).toBeUndefined()
  expect((await stateOf('has'))?.round).toBe(1)
})

test('a replay sends each delivery once, though it has ended again before the next slice', async () => {
  for (const id of ['e0', 'e1', 'e2']) {
    await attempted(engine, await fanOut(engine, id, [HOOK]), HOOK, 'd')
  }
  await indexAll(engine)
  const { id } = await begin({
    ...{ kind: 'replay', tenant: 'acme', webhook: HOOK, sinceMs: 0, only: 'all' },
    ratePerSecond: 2,
  })
  await runToEnd(id, async () => {
    for (const event of ['e0', 'e1', 'e2']) {
      const key = fanOutKey(engine.shard, 'acme', event)
      const packed = await engine.redis.hget(key, HOOK)
      if (!packed?.startsWith('p')) continue
      await engine.redis.hset(key, HOOK, `d${packed.slice(1)} 5 200 0 1`)
    }
  })
  expect(await progressOf(id)).toEqual(['done', 3, 3, 0])
  for (const event of ['e0', 'e1', 'e2']) expect(await stateOf(event)).toMatchObject({ round: 2 })
})

test('of two that run one step of a task at once, one writes it', async () => {
  const { id } = await begin(REDRIVE)
  const store = storeOn(engine.redis)
  const seen = [await store.get(id), await store.get(id)] as Task[]
  const went = await Promise.all(
    seen.map((task, i) => store.advance(task, { progress: { ...task.progress, done: i + 1 } })),
  )
  expect(went).toEqual([true, false])
  expect((await store.get(id))?.progress.done).toBe(1)
})

test('a task whose job is lost gets another one', async () => {
  const deps = { ...engine, store: storeOn(engine.redis) }
  const { id } = await begin(REDRIVE)
  const key = jobKey(engine.shard, DELIVERIES, id)
  expect(await engine.redis.exists(key)).toBe(1)
  await engine.queues[0]?.deliveries.remove(id)
  await sweepTasks(deps)
  expect(await engine.redis.exists(key)).toBe(1)
  await runToEnd(id)
  await engine.queues[0]?.deliveries.remove(id)
  await sweepTasks(deps)
  expect(await engine.redis.exists(key)).toBe(0)
})
