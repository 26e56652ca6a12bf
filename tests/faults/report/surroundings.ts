import { execFileSync } from 'node:child_process'
import { cpus, loadavg, totalmem } from 'node:os'
import { startRedis } from '@posthorn/shared/testing/redis.ts'
import { withRedis } from '../../harness/contents.ts'

/** Where and on what a result was made, without which it says nothing. */
export interface Surroundings {
  readonly date: string
  readonly commit: string
  readonly machine: string
  readonly versions: string
  /** Processes that wanted a core, over the last 15 minutes. */
  readonly loadAverage: number
}

/** Of the server that the harness starts. */
export async function redisVersion(): Promise<string> {
  const redis = await startRedis()
  try {
    const info = await withRedis(redis.url, (client) => client.info('server'))
    return /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown'
  } finally {
    await redis.stop()
  }
}

const GIB = 1024 ** 3
const PATHS = ['apps', 'packages', 'tests/faults', 'tests/harness']

export function surroundings(redisVersion: string): Surroundings {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim()
  const isChanged = git('status', '--porcelain', '--', ...PATHS) !== ''
  const processors = cpus()
  return {
    date: new Date().toISOString(),
    commit: `${git('rev-parse', '--short=12', 'HEAD')}${isChanged ? ' and uncommitted changes' : ''}`,
    machine:
      `${processors.length} cores (${processors[0]?.model.trim() ?? 'unknown'}), ` +
      `${Math.round(totalmem() / GIB)} GiB`,
    versions: `Node ${process.versions.node}, Redis ${redisVersion}`,
    loadAverage: loadavg()[2] ?? 0,
  }
}
