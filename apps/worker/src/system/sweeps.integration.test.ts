import { startEngine, type TestEngine } from '@posthorn/shared/testing/engine.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type SweepsDeps, startSweeps } from './sweeps.ts'

let engine: TestEngine
beforeEach(async () => {
  engine = await startEngine()
})
afterEach(() => engine.close())

test.each([
  [5_000, true],
  [-5_000, true],
  [200, false],
])("a clock that is %i ms off Redis' pauses the worker: %s", async (skewMs, paused) => {
  const setPaused = vi.fn()
  const sweeps = startSweeps({
    ...engine,
    clock: { now: Date.now, skewMs },
    drainer: { sweep: async () => undefined },
    circuits: { turn: async () => undefined },
    consumers: { setPaused },
    progress: { looked: () => undefined },
    slots: { inUse: 0 },
    tasks: { ...engine, store: { live: async () => [] } },
    workerId: 'worker',
    now: Date.now,
    onError: (error: unknown) => expect.unreachable(String(error)),
  } as unknown as SweepsDeps)
  await expect.poll(() => setPaused.mock.calls).toEqual([[paused]])
  expect(sweeps.reasons().length > 0).toBe(paused)
  await sweeps.stop()
})
