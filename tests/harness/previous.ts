import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from './place.ts'

const PRODUCT = ['apps', 'packages']

/** Another version of this tree, to be run beside it. */
export interface Version {
  readonly commit: string
  readonly root: string
  remove(): void
}

/**
 * The version before the last change to what runs; before what is not committed yet, if there is such.
 * @returns why there is none, where the history does not go so far back
 */
export function previousVersion(): Version | { missing: string } {
  let commit: string
  try {
    const isChanged = git('status', '--porcelain', '--', ...PRODUCT) !== ''
    const last = git('log', '-1', '--format=%H', '--', ...PRODUCT)
    commit = git('rev-parse', '--verify', isChanged ? 'HEAD' : `${last}^`)
  } catch (error) {
    return { missing: `git knows no version before this one: ${(error as Error).message}` }
  }
  const root = mkdtempSync(join(tmpdir(), 'posthorn-previous-'))
  const archive = execFileSync('git', ['archive', commit, ...PRODUCT, 'package.json'], {
    cwd: repositoryRoot,
    maxBuffer: 1 << 28,
  })
  execFileSync('tar', ['-x', '-C', root], { input: archive })
  for (const part of ['apps/api', 'apps/worker', 'packages/shared']) linkPackages(root, part)
  return { commit, root, remove: () => rmSync(root, { recursive: true, force: true }) }
}

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: repositoryRoot, encoding: 'utf8', stdio: 'pipe' }).trim()

/** The packages that are installed here, but the workspace's own ones of that version. */
function linkPackages(root: string, part: string): void {
  const here = join(repositoryRoot, part, 'node_modules')
  const there = join(root, part, 'node_modules')
  for (const name of packagesIn(here)) {
    const [own, short = ''] = name.split('/')
    const target =
      own === '@posthorn' ? join(root, 'packages', short) : realpathSync(join(here, name))
    mkdirSync(join(there, name, '..'), { recursive: true })
    if (existsSync(target)) symlinkSync(target, join(there, name))
  }
}

const packagesIn = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    if (name.startsWith('.')) return []
    return name.startsWith('@')
      ? readdirSync(join(folder, name)).map((below) => `${name}/${below}`)
      : [name]
  })
