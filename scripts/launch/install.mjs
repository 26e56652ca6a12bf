import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endWithUs } from './command.mjs'
import { root } from './paths.mjs'

const stampFile = join(root, 'node_modules/.posthorn-installed')
/** The Node that runs Posthorn: of the version in package.json, whatever the machine's own is. */
export const workspaceNode = join(root, 'node_modules/.bin/node')

/**
 * Installs the packages of the lockfile, unless they are installed already.
 *
 * @param {(line: string) => void} progress
 * @throws when the installation fails
 */
export async function installPackages(progress) {
  const wanted = fingerprint()
  if (existsSync(workspaceNode) && readStamp() === wanted) return
  progress('Installing the packages of the lockfile (the first time takes a minute)')
  const { name, version } = packageManager()
  const args = [
    '--yes',
    `${name}@${version}`,
    'install',
    '--frozen-lockfile',
    '--reporter=append-only',
  ]
  const code = await inherit('npx', args)
  if (code !== 0)
    throw new Error(`The packages could not be installed: npx ${args.join(' ')} ended with ${code}`)
  writeFileSync(stampFile, wanted)
}

/** What an installation depends on: the lockfile, and the settings of pnpm. */
function fingerprint() {
  const hash = createHash('sha256').update(process.platform).update(process.arch)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'])
    hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

function readStamp() {
  try {
    return readFileSync(stampFile, 'utf8')
  } catch {
    return undefined
  }
}

/** @returns {{ name: string, version: string }} */
export function packageManager() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devEngines.packageManager
}

/** Runs with its output shown and no input; CI keeps pnpm from asking anything. */
function inherit(/** @type {string} */ command, /** @type {string[]} */ args) {
  return new Promise((/** @type {(code: number | string) => void} */ resolve, reject) => {
    const env = { ...process.env, CI: 'true' }
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    })
    endWithUs(child)
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? signal ?? 1))
  })
}
