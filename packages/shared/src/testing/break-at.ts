import type { RedisClient } from '../runtime/redis.ts'

/** Thrown in place of the rest of a program: as if it had been killed there. */
export class Killed extends Error {
  override readonly name = 'Killed'
}

const COMMANDS = new Set([
  'get',
  'mget',
  'set',
  'evalsha',
  'eval',
  'xrange',
  'lrange',
  'getrangeBuffer',
  'hgetall',
  'zrangebyscore',
  'hgetBuffer',
  'exists',
  'zrevrangebyscore',
])

/**
 * The connection of a program that is killed at its n-th command (from 1): just before it is sent, or
 * when Redis has done it but the answer is not there yet. Later commands fail as well.
 */
export function killedAt(redis: RedisClient, n: number, when: 'before' | 'after'): RedisClient {
  let sent = 0
  const guarded = async (send: () => Promise<unknown>) => {
    sent++
    if (sent > n || (sent === n && when === 'before')) throw new Killed()
    const answer = await send()
    if (sent === n) throw new Killed()
    return answer
  }
  return new Proxy(redis, {
    get(target, name, receiver) {
      const value = Reflect.get(target, name, target) as unknown
      if (name === 'pipeline') return () => guardedPipeline(target, guarded)
      if (typeof value !== 'function') return Reflect.get(target, name, receiver)
      const method = value.bind(target) as (...args: unknown[]) => Promise<unknown>
      if (!COMMANDS.has(String(name))) return method
      return (...args: unknown[]) => guarded(() => method(...args))
    },
  })
}

function guardedPipeline(
  redis: RedisClient,
  guarded: (send: () => Promise<unknown>) => Promise<unknown>,
) {
  const pipeline = redis.pipeline()
  const exec = pipeline.exec.bind(pipeline)
  pipeline.exec = (() => guarded(exec)) as typeof pipeline.exec
  return pipeline
}
