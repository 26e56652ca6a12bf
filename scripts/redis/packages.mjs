import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fetchInto, unpackPackages } from '../apt/unpack.mjs'
import { onPath, run } from './command.mjs'

// Redis from the distribution's own packages, unpacked into a folder of ours.

/** What the servers need beside themselves on a slim Debian, if apt cannot work it out. */
const COMPANIONS = ['redis-tools', 'libjemalloc2', 'liblzf1']
const SERVERS = ['redis-server', 'valkey-server']
/** The dynamic linker and these belong together: never mixed with the system's own. */
const NEVER_UNPACKED = /^(libc6|libc-bin|libgcc-s1|libstdc\+\+6|gcc-\d+-base)$/

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
    const names = await packagesOf(server, options)
    if (!(await fetchInto(root, work, names, options))) continue
    await addMissingLibraries(root, work, options)
    if (await findServer(root)) return true
  }
  return false
}

/** What apt would install for `server` on this machine; upgrades (`[old version]`) are left alone. */
async function packagesOf(/** @type {string} */ server, /** @type {string[]} */ options) {
  const plan = await run('apt-get', [
    '-s',
    '-qq',
    'install',
    '--no-install-recommends',
    server,
    ...options,
  ])
  const wanted = [...plan.stdout.matchAll(/^Inst (\S+) \(/gm)].map((match) => String(match[1]))
  const names = new Set(wanted.filter((name) => !NEVER_UNPACKED.test(name)))
  // Installed, yet not on PATH or broken: its own files are fetched all the same.
  if (!plan.ok || names.size === 0) for (const name of COMPANIONS) names.add(name)
  names.add(server)
  return [...names]
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

function linkerPath(/** @type {string} */ root) {
  const folders = ['usr/lib', 'lib']
    .map((name) => join(root, name))
    .filter((folder) => existsSync(folder))
  const multiarch = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name.includes('-linux-'))
      .map((entry) => join(folder, entry.name)),
  )
  const inherited = process.env.LD_LIBRARY_PATH
  return {
    LD_LIBRARY_PATH: [...multiarch, ...folders, ...(inherited ? [inherited] : [])].join(':'),
  }
}

/** @returns {Promise<Server | undefined>} the server below `root`, if it really runs */
async function findServer(/** @type {string} */ root) {
  const command = serverFile(root)
  if (!command) return undefined
  const env = linkerPath(root)
  const version = await run(command, ['--version'], { env: { ...process.env, ...env } })
  return version.ok ? { command, env } : undefined
}
