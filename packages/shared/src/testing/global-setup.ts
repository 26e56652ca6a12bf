import type { TestProject } from 'vitest/node'
import { startRedis } from './redis.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The Redis that all integration tests of a run share, apart by namespace. */
    redisUrl: string
  }
}

/** One Redis for the run: the one of REDIS_URL if given, else one of our own that ends with the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.REDIS_URL
  if (given) {
    project.provide('redisUrl', given)
    return async () => {}
  }
  const redis = await startRedis({ persistent: true })
  project.provide('redisUrl', redis.url)
  return () => redis.stop()
}
