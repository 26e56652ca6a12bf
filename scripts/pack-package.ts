// `npm pack` in the folder of a package packs what is published, not the sources that the workspace runs:
//
//   prepack ─▶ build into dist ─▶ beside the sources ─▶ its package.json in place of ours ─▶ npm packs
//   postpack ─▶ ours back ─▶ what was built goes
//
// A kill in between leaves the published package.json; `end`, or the next `npm pack`, mends it.
import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Of the package, whose scripts npm runs in its folder. */
const OWN = 'package.json'
const KEPT = 'package.json.kept'
const BUILT = 'dist'

function begin(): void {
  end()
  const build = fileURLToPath(new URL('build-package.ts', import.meta.url))
  // What npm reports as JSON goes to stdout.
  const stdio = ['ignore', 2, 'inherit'] as const
  execFileSync(process.execPath, [build, process.cwd(), BUILT], { stdio: [...stdio] })
  for (const name of addedNames()) cpSync(`${BUILT}/${name}`, name, { recursive: true })
  copyFileSync(OWN, KEPT)
  renameSync(`${BUILT}/${OWN}`, OWN)
}

function end(): void {
  if (!existsSync(KEPT)) return
  renameSync(KEPT, OWN)
  for (const name of addedNames()) rmSync(name, { recursive: true, force: true })
}

const addedNames = (): string[] =>
  readdirSync(BUILT).filter((name) => ![OWN, 'README.md'].includes(name))

if (process.argv[2] === 'end') end()
else begin()
