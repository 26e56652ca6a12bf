import { Redis } from 'ioredis'
import type { EventKind } from '../load/target.ts'
import type { Harness } from './harness.ts'
import { settled } from './settled.ts'
import type { System } from './system.ts'

export interface BacklogFigures {
  /** Accepted while no worker runs: what the API and Redis alone can do. */
  readonly publishesPerSecond: number
  /** Redis memory for each event that waits for a worker. */
  readonly waitingBytes: number
  /** For each event that has been delivered, with all that is kept of it. */
  readonly restBytes: number
}

const EVENTS = 5_000
const DELIVERIES = 12_000

/** Publishes without a worker, then lets one work it off. `scale` is the share of the usual amount. */
export async function measureBacklog(
  system: System,
  harness: Harness,
  kind: EventKind,
  scale = 1,
): Promise<BacklogFigures> {
  const redis = new Redis(system.redisUrl)
  const events = Math.ceil(scale * Math.min(EVENTS, DELIVERIES / kind.fanOut))
  const total = await harness.receiver.call('total', null)
  await system.stopWorker()
  const empty = await dataBytes(redis)
  const { target } = system
  const { accepted, publishesPerSecond } = await harness.load.call('count', {
    ...{ target, kind, events },
  })
  const waiting = await dataBytes(redis)
  await system.startWorker()
  await settled(system, harness, total + accepted * kind.fanOut)
  const rest = await dataBytes(redis)
  redis.disconnect()
  return {
    publishesPerSecond,
    waitingBytes: (waiting - empty) / accepted,
    restBytes: (rest - empty) / accepted,
  }
}

/** What Redis uses, without the buffers of clients and of the AOF, which come and go. */
async function dataBytes(redis: Redis): Promise<number> {
  const info = await redis.info('memory')
  const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0)
  return field('used_memory') - field('mem_clients_normal') - field('mem_aof_buffer')
}
