import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { linkerPath, packagesOf } from '../apt/closure.mjs'
import { fetchInto, unpackPackages } from '../apt/unpack.mjs'
import { onPath, run } from '../launch/command.mjs'

// Redis from the distribution's own packages, unpacked into a folder of ours.

/** What the servers need beside themselves on a slim Debian, if apt cannot work it out. */
const COMPANIONS = ['redis-tools', 'libjemalloc2', 'liblzf1']
const SERVERS = ['redis-server', 'valkey-server']
/**
 * @typedef {object} Server
 * @property {string} command
 * @property {Record<string, string>} env what the command needs beside the environment
 */

/**
 * Redis unpacked below `folder` earlier, or now.
 *
 * @param {string} folder
 * @param {(line: string) => void} progress
 * @returns {Promise<Server | undefined>} undefined where the distribution has no apt, or it failed
 */
export async function fromPackages(folder, progress) {
  const home = join(folder, 'packages')
  const ready = await findServer(home)
  if (ready) return ready
  const unpacked = await unpackPackages({ what: 'Redis', home, progress, fill })
  return unpacked ? await findServer(home) : undefined
}

/** @type {import('../apt/unpack.mjs').Fill} */
async function fill(root, work, options) {
  for (const server of SERVERS) {
    rmSync(root, { recursive: true, force: true })
    const names = await packagesOf(server, options, COMPANIONS)
    if (!(await fetchInto(root, work, names, options))) continue
    await addMissingLibraries(root, work, options)
    if (await findServer(root)) return true
  }
  return false
}

/** What `ldd` still misses, by Debian's naming of library packages: libfoo.so.1 is in libfoo1. */
async function addMissingLibraries(
  /** @type {string} */ root,
  /** @type {string} */ work,
  /** @type {string[]} */ options,
) {
  for (let round = 0; round < 5; round += 1) {
    const file = serverFile(root)
    if (!file || !onPath('ldd')) return
    const linked = await run('ldd', [file], { env: { ...process.env, ...linkerPath(root) } })
    const missing = [...linked.stdout.matchAll(/^\s*(\S+)\.so\.(\S+) => not found/gm)]
    if (missing.length === 0) return
    for (const [, name = '', version = ''] of missing) {
      const base = name.toLowerCase().replaceAll('_', '-')
      const stem = /\d$/.test(base) ? `${base}-${version}` : `${base}${version}`
      if (!(await fetchInto(root, work, [stem], options)))
        await fetchInto(root, work, [`${stem}t64`], options)
    }
  }
}

function serverFile(/** @type {string} */ root) {
  return SERVERS.map((name) => join(root, 'usr/bin', name)).find((file) => existsSync(file))
}

/** @returns {Promise<Server | undefined>} the server below `root`, if it really runs */
async function findServer(/** @type {string} */ root) {
  const command = serverFile(root)
  if (!command) return undefined
  const env = linkerPath(root)
  const version = await run(command, ['--version'], { env: { ...process.env, ...env } })
  return version.ok ? { command, env } : undefined
}
