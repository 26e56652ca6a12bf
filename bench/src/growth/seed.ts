import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { quiet } from '../measure/settled.ts'
import type { Posthorn } from '../posthorn/system.ts'
import type { Ground } from './ground.ts'
import type { Seeded } from './result.ts'

// What grows is made as users make it: through the API and the worker.

const LOOK_EVERY_MS = 200
/** So long without any change is a fault, not slowness. */
const STUCK_AFTER_MS = 60_000
const QUIET_WITHIN_MS = 60_000
const MIB = 1024 ** 2
const CALLS_AT_ONCE = 24

/** Does the work, and waits until the installation has nothing more to do for it. */
export async function seeding(
  { harness, options }: Pick<Ground, 'harness' | 'options'>,
  system: Posthorn,
  what: string,
  work: () => Promise<void>,
): Promise<Seeded> {
  const redis = new Redis(system.redisUrl)
  try {
    const [before, beganMs] = [await usedBytes(redis), performance.now()]
    await work()
    await quiet(system, harness, QUIET_WITHIN_MS)
    while (/^aof_rewrite_in_progress:1/m.test(await redis.info('persistence'))) {
      await sleep(LOOK_EVERY_MS)
    }
    const tookSeconds = (performance.now() - beganMs) / 1_000
    options.progress(`${what}: seeded in ${tookSeconds.toFixed(1)} s`)
    return { tookSeconds, mib: ((await usedBytes(redis)) - before) / MIB }
  } finally {
    redis.disconnect()
  }
}

async function usedBytes(redis: Redis): Promise<number> {
  const info = await redis.info('memory')
  return Number(/^used_memory_dataset:(\d+)/m.exec(info)?.[1] ?? 0)
}

/** Waits until one of Posthorn's own gauges has come to a value. */
export async function gaugeReaches(system: Posthorn, name: string, least: number): Promise<void> {
  await reaches(name, least, () => metricOf(system.target.port, name))
}

/** 0 before its first value. */
export async function metricOf(port: number | undefined, name: string): Promise<number> {
  const metrics = await fetch(`http://127.0.0.1:${port}/metrics`)
  const line = new RegExp(`^${name}(?:{[^}]*})? (.+)$`, 'm').exec(await metrics.text())
  return Number(line?.[1] ?? 0)
}

/** @throws when it has not moved for a minute */
export async function reaches(
  name: string,
  least: number,
  look: () => Promise<number>,
): Promise<void> {
  let [value, changedAtMs] = [-1, performance.now()]
  for (;;) {
    const now = await look()
    if (now >= least) return
    if (now !== value) changedAtMs = performance.now()
    value = now
    if (performance.now() - changedAtMs > STUCK_AFTER_MS) {
      throw new Error(`${name} stays at ${value}, ${least} are expected`)
    }
    await sleep(LOOK_EVERY_MS)
  }
}

/** Creates webhooks through the API, several at once. */
export async function createMany(
  { client }: Posthorn,
  from: number,
  to: number,
  inputOf: (i: number) => Readonly<Record<string, unknown>>,
): Promise<void> {
  let next = from
  const some = async () => {
    while (next < to) await client.createWebhook(inputOf(next++))
  }
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, some))
}
