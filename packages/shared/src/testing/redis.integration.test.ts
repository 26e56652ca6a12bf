import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { sharedRedisUrl, testNamespace } from './namespace.ts'
import { startRedis } from './redis.ts'

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

test('a private Redis keeps its address over a kill and a restart, and is gone after stop', async () => {
  const redis = await startRedis({ persistent: true })
  const { url, port } = redis
  expect(await answers(port)).toBe(true)
  await redis.kill('SIGKILL')
  expect(await answers(port)).toBe(false)
  await redis.restart()
  expect(redis.url).toBe(url)
  expect(await answers(port)).toBe(true)
  await redis.stop()
  expect(await answers(port)).toBe(false)
})

test('a Redis held by SIGSTOP can be restarted, and is gone after stop', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  await redis.kill('SIGSTOP')
  await redis.restart()
  expect(await answers(redis.port)).toBe(true)
  await redis.kill('SIGSTOP')
  await redis.stop()
  expect(await answers(redis.port)).toBe(false)
})

test('every test has a namespace of its own in the shared Redis', async () => {
  expect(testNamespace()).not.toBe(testNamespace())
  expect(await answers(Number(new URL(sharedRedisUrl()).port || 6379))).toBe(true)
})
