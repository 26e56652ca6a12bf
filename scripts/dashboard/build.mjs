import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../launch/command.mjs'
import { packageManager } from '../launch/install.mjs'
import { root } from '../launch/paths.mjs'
import { compressFiles } from './compress.mjs'

const dist = join(root, 'apps/dashboard/dist')
/** Written last: a build that was cut short has none and is made again. */
const stampFile = join(dist, '.posthorn-built')
const LONGEST_BUILD_MS = 300_000
/** What ends up in the dashboard, or decides how it is built. */
const SOURCES = [
  'pnpm-lock.yaml',
  'scripts/dashboard',
  'apps/dashboard',
  'packages/shared/src',
  'packages/client/src',
]
const NOT_A_SOURCE = /(?:^|\/)(?:node_modules|dist|\.[^/]*)(?:\/|$)|\.test\.tsx?$/

/**
 * Builds the dashboard for the API to serve, unless it stands there as its sources are now.
 *
 * @param {(line: string) => void} progress
 * @throws when the build fails
 */
export async function buildDashboard(progress) {
  if (!existsSync(join(root, 'apps/dashboard/package.json'))) return
  const wanted = fingerprint()
  if (readStamp() === wanted) return
  progress('Building the dashboard')
  const { name, version } = packageManager()
  const args = ['--yes', `${name}@${version}`, '--filter', '@posthorn/dashboard', 'build']
  const env = {
    ...process.env,
    CI: 'true',
    // A test runner sets its own, and the build would be one for developers.
    NODE_ENV: 'production',
    PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
  }
  const { ok, stdout, stderr } = await run('npx', args, {
    cwd: root,
    env,
    timeoutMs: LONGEST_BUILD_MS,
  })
  if (!ok)
    throw new Error(`The dashboard could not be built: npx ${args.join(' ')}\n${stdout}${stderr}`)
  compressFiles(dist)
  writeFileSync(stampFile, wanted)
}

function fingerprint() {
  const hash = createHash('sha256')
  for (const file of SOURCES.flatMap(filesOf).sort()) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

/** @returns {string[]} the file itself, or all files of the folder */
function filesOf(/** @type {string} */ place) {
  if (NOT_A_SOURCE.test(place)) return []
  if (statSync(join(root, place)).isFile()) return [place]
  return readdirSync(join(root, place)).flatMap((name) => filesOf(`${place}/${name}`))
}

function readStamp() {
  try {
    return readFileSync(stampFile, 'utf8')
  } catch {
    return undefined
  }
}
