import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { installShutdown, type Shutdown } from './shutdown.ts'

const log = { info: () => {}, error: () => {} }
let before: Record<string, unknown[]>

beforeEach(() => {
  before = { SIGTERM: process.listeners('SIGTERM'), SIGINT: process.listeners('SIGINT') }
})

afterEach(() => {
  vi.useRealTimers()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    for (const listener of process.listeners(signal)) {
      if (!before[signal]?.includes(listener)) process.off(signal, listener)
    }
  }
})

function install(timeoutMs = 1_000): {
  shutdown: Shutdown
  exited: Promise<number>
  codes: number[]
} {
  const codes: number[] = []
  let done: (code: number) => void = () => {}
  const exited = new Promise<number>((resolve) => {
    done = resolve
  })
  const exit = (code: number) => {
    codes.push(code)
    done(code)
  }
  return { shutdown: installShutdown({ log, timeoutMs, exit }), exited, codes }
}

test('what was opened last is closed first, each step after the one before has ended', async () => {
  const { shutdown, exited } = install()
  const order: string[] = []
  shutdown.onClose('redis', () => void order.push('redis'))
  shutdown.onClose('server', async () => {
    await Promise.resolve()
    order.push('server')
  })
  process.emit('SIGTERM')
  expect(shutdown.signal.aborted).toBe(true)
  expect(await exited).toBe(0)
  expect(order).toEqual(['server', 'redis'])
})

test('what is opened while another step closes is closed too, and each once', async () => {
  const { shutdown, exited } = install()
  const order: string[] = []
  shutdown.onClose('redis', () => void order.push('redis'))
  shutdown.onClose('server', async () => {
    order.push('server')
    shutdown.onClose('late', () => void order.push('late'))
  })
  process.emit('SIGTERM')
  expect(await exited).toBe(0)
  expect(order).toEqual(['server', 'late', 'redis'])
})

test('a step that fails does not keep the others from closing, and shows in the exit code', async () => {
  const { shutdown, exited } = install()
  const order: string[] = []
  shutdown.onClose('redis', () => void order.push('redis'))
  shutdown.onClose('server', () => Promise.reject(new Error('stuck')))
  process.emit('SIGINT')
  expect(await exited).toBe(1)
  expect(order).toEqual(['redis'])
})

test('a step that never ends is left behind at the deadline', async () => {
  const { shutdown, exited } = install(20)
  shutdown.onClose('server', () => new Promise(() => {}))
  process.emit('SIGTERM')
  expect(await exited).toBe(1)
})

test.each([
  ['SIGINT', 400, 200],
  ['SIGTERM', 90, 20],
] as const)(
  'a second %s leaves at once, but the echo of the first one, up to %i ms later, does not',
  async (signal, echoMs, laterMs) => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const { shutdown, exited, codes } = install(60_000)
    shutdown.onClose('server', () => new Promise(() => {}))
    process.emit(signal)
    vi.advanceTimersByTime(echoMs)
    process.emit(signal)
    expect(codes).toEqual([])
    vi.advanceTimersByTime(laterMs)
    process.emit(signal)
    expect(await exited).toBe(1)
  },
)

test('a process that ends because something broke says so by its exit code', async () => {
  const { shutdown, exited } = install()
  await shutdown.stop('the port is taken', 1)
  expect(await exited).toBe(1)
})
