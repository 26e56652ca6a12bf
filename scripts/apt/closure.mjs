import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../launch/command.mjs'

/** The dynamic linker and these belong together: never mixed with the system's own. */
const NEVER_UNPACKED = /^(libc6|libc-bin|libgcc-s1|libstdc\+\+6|gcc-\d+-base)$/

/**
 * What apt would install for `name` on this machine, `name` included; upgrades (`[old version]`) are
 * left alone. Only `name` and `otherwise` when apt has no plan, or finds it installed already.
 */
export async function packagesOf(
  /** @type {string} */ name,
  /** @type {string[]} */ options,
  /** @type {readonly string[]} */ otherwise = [],
) {
  const plan = await run('apt-get', [
    '-s',
    '-qq',
    'install',
    '--no-install-recommends',
    name,
    ...options,
  ])
  const wanted = [...plan.stdout.matchAll(/^Inst (\S+) \(/gm)].map((match) => String(match[1]))
  const names = new Set(wanted.filter((wantedName) => !NEVER_UNPACKED.test(wantedName)))
  if (!plan.ok || names.size === 0) for (const other of otherwise) names.add(other)
  names.add(name)
  return [...names]
}

/** The environment in which a command that was unpacked below `root` finds its libraries. */
export function linkerPath(/** @type {string} */ root) {
  const folders = ['usr/lib', 'lib']
    .map((name) => join(root, name))
    .filter((folder) => existsSync(folder))
  const multiarch = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name.includes('-linux-'))
      .flatMap((entry) => {
        const here = join(folder, entry.name)
        const pulse = join(here, 'pulseaudio')
        return existsSync(pulse) ? [here, pulse] : [here]
      }),
  )
  const inherited = process.env.LD_LIBRARY_PATH
  return {
    LD_LIBRARY_PATH: [...multiarch, ...folders, ...(inherited ? [inherited] : [])].join(':'),
  }
}
