import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'

const GIB = 1024 ** 3

/** Where a result was measured, without which it says nothing. */
export function surroundings() {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim()
  const changed = git('status', '--porcelain', '--', 'apps', 'packages') !== ''
  const processors = cpus()
  return {
    date: new Date().toISOString(),
    commit: `${git('rev-parse', '--short=12', 'HEAD')}${changed ? ' and uncommitted changes' : ''}`,
    machine:
      `${processors.length} cores (${processors[0]?.model.trim() ?? 'unknown'}), ` +
      `${Math.round(totalmem() / GIB)} GiB`,
    versions: `Node ${process.versions.node}`,
  }
}
