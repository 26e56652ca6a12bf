import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { redisCli } from '@posthorn/shared/testing/redis.ts'

const GIB = 1024 ** 3

export type Surroundings = Awaited<ReturnType<typeof surroundings>>

/** Where a result was measured, without which it says nothing. */
export async function surroundings() {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim()
  const changed = git('status', '--porcelain', '--', 'apps', 'packages') !== ''
  const processors = cpus()
  return {
    date: new Date().toISOString(),
    commit: `${git('rev-parse', '--short=12', 'HEAD')}${changed ? ' and uncommitted changes' : ''}`,
    machine:
      `${processors.length} cores (${processors[0]?.model.trim() ?? 'unknown'}), ` +
      `${Math.round(totalmem() / GIB)} GiB`,
    versions: `Node ${process.versions.node}, Redis ${await redisVersion()}`,
  }
}

/** Of the distribution that the server is of, too. */
async function redisVersion(): Promise<string> {
  return /(\d+\.\S+)/.exec(await redisCli('--version'))?.[1] ?? 'unknown'
}

type Sized = { readonly bytes: number } | { readonly sizes: readonly number[] }

/** What every written result begins with, up to the size of the events. */
export const opening = (
  title: string,
  options: string,
  { date, commit, machine, versions, ...rest }: Surroundings & Sized,
): string => `# ${title}

Written by \`npm run bench -- ${options}\`; do not edit.

Measured ${date.slice(0, 16).replace('T', ' ')} UTC at ${commit}, on ${machine}, ${versions}; data of ${('sizes' in rest ? rest.sizes : [rest.bytes]).join(' and ')} bytes`
