import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { previousCommit } from './harness/previous.ts'

/** A repository in which the code changes twice, and then a document. */
function repository() {
  const root = temporary()
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example', ...args], {
      cwd: root,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim()
  const commit = (file: string) => {
    mkdirSync(join(root, file, '..'), { recursive: true })
    writeFileSync(join(root, file), String(Math.random()))
    git('add', '.')
    git('commit', '-q', '-m', file)
    return git('rev-parse', 'HEAD')
  }
  git('init', '-q')
  const commits = ['apps/a.ts', 'packages/b.ts', 'docs/c.md'].map(commit)
  const clone = (depth: number) => {
    const copy = temporary()
    git('clone', '-q', '--depth', String(depth), `file://${root}`, copy)
    return copy
  }
  return { root, commits, clone, change: (file: string) => writeFileSync(join(root, file), 'new') }
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-repository-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('the version before is the one before the last change to what runs, whatever came after', () => {
  const { root, commits, clone, change } = repository()
  expect(previousCommit(root)).toEqual({ commit: commits[0] })
  expect(previousCommit(clone(3))).toEqual({ commit: commits[0] })
  change('apps/a.ts')
  expect(previousCommit(root)).toEqual({ commit: commits[2] })
})

test.each([1, 2])('a clone of %i commits that ends after it has none, and says so', (depth) => {
  expect(previousCommit(repository().clone(depth))).toEqual({
    missing: expect.stringContaining('shallow'),
  })
})

test('so does a folder that is no clone', () => {
  expect(previousCommit(temporary())).toEqual({ missing: expect.stringContaining('git') })
})
