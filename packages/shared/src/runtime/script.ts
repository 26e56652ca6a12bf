import { createHash } from 'node:crypto'
import type { Cluster, Redis } from 'ioredis'

type ScriptArgument = string | number | Buffer

/** A Lua script, sent by its SHA-1 and in full only to a Redis that does not hold it yet. */
export interface Script {
  /** Keys must lie in one slot. Rejects with what Redis answers. */
  run(
    redis: Redis | Cluster,
    keys: readonly string[],
    args: readonly ScriptArgument[],
  ): Promise<unknown>
}

export function defineScript(lua: string): Script {
  const sha = createHash('sha1').update(lua).digest('hex')
  return {
    async run(redis, keys, args) {
      try {
        return await redis.evalsha(sha, keys.length, ...keys, ...args)
      } catch (error) {
        if (!isMissingScript(error)) throw error
        return await redis.eval(lua, keys.length, ...keys, ...args)
      }
    },
  }
}

/** Redis' error code is the first word of its reply. */
function isMissingScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
