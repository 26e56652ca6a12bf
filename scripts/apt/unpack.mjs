import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { onPath, run } from '../launch/command.mjs'

// The distribution's own packages, unpacked into a folder of ours: no root, nothing installed, nothing
// of the system changed. `apt-get download` only fetches, `dpkg -x` only unpacks.

const MINUTE_MS = 60_000

/**
 * Fetches what is wanted below `root` (`fetchInto`), with apt's `options`; whether it works there.
 *
 * @typedef {(root: string, work: string, options: string[]) => Promise<boolean>} Fill
 */

/**
 * Fills `home`, whole or not at all, with unpacked packages.
 *
 * @param {{ what: string, home: string, progress: (line: string) => void, fill: Fill }} options
 * @returns {Promise<boolean>} false where the distribution has no apt, or it failed
 */
export async function unpackPackages({ what, home, progress, fill }) {
  if (!onPath('apt-get') || !onPath('dpkg')) return false
  progress(`Fetching ${what} from the packages of this distribution (nothing is installed)`)
  mkdirSync(dirname(home), { recursive: true })
  const work = mkdtempSync(join(dirname(home), 'unpacking-'))
  try {
    const root = join(work, 'root')
    if (!(await filled(root, work, progress, fill))) return false
    writeFileSync(join(root, 'complete'), '')
    keep(root, home)
    return true
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/**
 * The lists that the system has are tried first (no network beside the packages); when they are
 * absent or too old, lists of our own are fetched.
 */
async function filled(
  /** @type {string} */ root,
  /** @type {string} */ work,
  /** @type {(line: string) => void} */ progress,
  /** @type {Fill} */ fill,
) {
  if (await fill(root, work, systemOptions(work))) return true
  const own = aptOptions(work)
  progress('Fetching the list of packages')
  const update = await run('apt-get', ['-qq', 'update', ...own], { timeoutMs: 3 * MINUTE_MS })
  return update.ok && fill(root, work, own)
}

/** Fetches packages by name and unpacks them below `root`. */
export async function fetchInto(
  /** @type {string} */ root,
  /** @type {string} */ work,
  /** @type {string[]} */ names,
  /** @type {string[]} */ options,
) {
  const debs = mkdtempSync(join(work, 'debs-'))
  const got = await run('apt-get', ['-qq', 'download', ...options, ...names], {
    cwd: debs,
    timeoutMs: 3 * MINUTE_MS,
  })
  if (!got.ok) return false
  mkdirSync(root, { recursive: true })
  for (const file of readdirSync(debs)) {
    const unpacked = await run('dpkg', ['-x', join(debs, file), root])
    if (!unpacked.ok) return false
  }
  return true
}

/** Moves a complete folder into place in one step, so that an interrupted run leaves nothing half done. */
function keep(/** @type {string} */ from, /** @type {string} */ home) {
  try {
    renameSync(from, home)
  } catch {
    // Another process was faster, or an earlier one left a folder that does not work.
    if (existsSync(join(home, 'complete'))) return
    rmSync(home, { recursive: true, force: true })
    cpSync(from, home, { recursive: true })
  }
}

/** apt with its cache in `work`; the hooks of container images would clean the system's cache. */
function systemOptions(/** @type {string} */ work) {
  const file = join(work, 'apt.conf')
  mkdirSync(join(work, 'cache/archives/partial'), { recursive: true })
  writeFileSync(
    file,
    `#clear APT::Update::Pre-Invoke;\n#clear APT::Update::Post-Invoke;\n#clear APT::Update::Post-Invoke-Success;\n#clear DPkg::Post-Invoke;\n`,
  )
  return [
    '-c',
    file,
    '-o',
    `Dir::Cache=${join(work, 'cache')}`,
    '-o',
    'Debug::NoLocking=1',
    '-o',
    'APT::Sandbox::User=root',
  ]
}

/** The same, with lists of our own. */
function aptOptions(/** @type {string} */ work) {
  mkdirSync(join(work, 'lists/partial'), { recursive: true })
  return [
    ...systemOptions(work),
    '-o',
    `Dir::State::lists=${join(work, 'lists')}`,
    '-o',
    'Acquire::Languages=none',
  ]
}
