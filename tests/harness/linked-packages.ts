import { existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from './place.ts'

/** Gives a part of another version the packages that are installed here, but the workspace's own ones of its own. */
export function linkPackages(root: string, part: string): void {
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
