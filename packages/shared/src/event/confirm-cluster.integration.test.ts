import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Cluster, Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { confirmKey } from '../queue/keys.ts'
import { shardsOf } from '../queue/shards.ts'
import { connectRedis } from '../runtime/redis.ts'
import { startRedis } from '../testing/redis.ts'
import { Confirmer } from './confirm.ts'

const [shard] = shardsOf('confirm-cluster', 1)

async function node(): Promise<Redis> {
  const server = await startRedis({ args: ['--cluster-enabled', 'yes'] })
  const client = new Redis(server.url)
  onTestFinished(async () => {
    client.disconnect()
    await server.stop()
  })
  return client
}

const portOf = ({ options }: Redis) => options.port ?? 0

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await pause(50)
}

test('a shard that has moved to another node of the Cluster is confirmed there', async () => {
  if (!shard) throw new Error('no shard')
  const [from, to] = await Promise.all([node(), node()])
  await from.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383)
  await from.call('CLUSTER', 'MEET', '127.0.0.1', portOf(to))
  const isWhole = async (each: Redis) =>
    String(await each.call('CLUSTER', 'INFO')).includes('cluster_state:ok')
  await until(async () => (await isWhole(from)) && (await isWhole(to)))

  const url = `redis://127.0.0.1:${portOf(from)},redis://127.0.0.1:${portOf(to)}`
  const redis = connectRedis(url, 'producer')
  redis.on('error', () => undefined)
  onTestFinished(() => redis.disconnect())
  expect(redis).toBeInstanceOf(Cluster)
  await once(redis, 'ready')
  const confirmer = new Confirmer({ redis, confirmation: () => ({ replicas: 0 }) })
  await confirmer.confirm(shard, [])

  await from.del(confirmKey(shard))
  const slot = Number(await from.call('CLUSTER', 'KEYSLOT', confirmKey(shard)))
  const id = String(await to.call('CLUSTER', 'MYID'))
  for (const each of [to, from]) await each.call('CLUSTER', 'SETSLOT', slot, 'NODE', id)
  // The first one may be told that it has moved; the next ones know.
  const isConfirmed = () =>
    confirmer.confirm(shard, []).then(
      () => true,
      () => false,
    )
  const answers = [await isConfirmed(), await isConfirmed(), await isConfirmed()]
  expect(answers.at(-1)).toBe(true)
})
