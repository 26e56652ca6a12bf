import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { linkPackages } from './linked-packages.ts'
import { repositoryRoot } from './place.ts'

const PRODUCT = ['apps', 'packages']
const LOCKFILE = 'pnpm-lock.yaml'

/** Another version of this tree, to be run beside it. */
export interface Version {
  readonly commit: string
  readonly root: string
  remove(): void
}

/**
 * The version before the last change to what runs; before what is not committed yet, if there is such. Its code
 * runs with the packages of its own lockfile: those that are installed here, or, where the lockfile has changed
 * since, installed for it.
 * @returns why there is none, where the history does not go so far back
 */
export async function previousVersion(): Promise<Version | { missing: string }> {
  const found = previousCommit(repositoryRoot)
  if ('missing' in found) return found
  const { commit } = found
  const root = mkdtempSync(join(tmpdir(), 'posthorn-previous-'))
  const archive = execFileSync('git', ['archive', commit], {
    cwd: repositoryRoot,
    maxBuffer: 1 << 28,
  })
  execFileSync('tar', ['-x', '-C', root], { input: archive })
  const lockOf = (folder: string) => readFileSync(join(folder, LOCKFILE), 'utf8')
  if (lockOf(root) === lockOf(repositoryRoot)) {
    for (const part of ['apps/api', 'apps/worker', 'packages/shared']) linkPackages(root, part)
  } else await installPackages(root)
  return { commit, root, remove: () => rmSync(root, { recursive: true, force: true }) }
}

/** The commit before the last one that changed what runs. */
export function previousCommit(repository: string): { commit: string } | { missing: string } {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: repository, encoding: 'utf8', stdio: 'pipe' }).trim()
  try {
    const isChanged = git('status', '--porcelain', '--', ...PRODUCT) !== ''
    const last = git('log', '-1', '--format=%H', '--', ...PRODUCT)
    if (!isChanged && isCutOff(git, last)) {
      return { missing: 'a shallow clone without the version before: `git fetch --deepen 100`' }
    }
    return { commit: git('rev-parse', '--verify', isChanged ? 'HEAD' : `${last}^`) }
  } catch (error) {
    return { missing: `git knows no version before this one: ${(error as Error).message}` }
  }
}

/** Where a shallow clone ends: a commit there looks as if it had made all that is in it. */
function isCutOff(git: (...args: string[]) => string, commit: string): boolean {
  const end = readIfThere(git('rev-parse', '--path-format=absolute', '--git-path', 'shallow'))
  return end.split('\n').includes(commit)
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

async function installPackages(root: string): Promise<void> {
  const { devEngines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { name, version } = devEngines.packageManager
  const args = ['install', '--prod', '--frozen-lockfile', '--prefer-offline', '--ignore-scripts']
  const parts = ['--filter', '@posthorn/api...', '--filter', '@posthorn/worker...']
  await promisify(execFile)('npx', ['--yes', `${name}@${version}`, ...args, ...parts], {
    cwd: root,
    env: { ...process.env, CI: 'true' },
  })
}
