import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { linkerPath, packagesOf } from '../apt/closure.mjs'
import { fetchInto, unpackPackages } from '../apt/unpack.mjs'
import { onPath, run } from '../launch/command.mjs'

// What the tests of the dashboard and its screenshots run; Posthorn itself needs none of it.

/**
 * A Chromium that can be driven without a display.
 *
 * @typedef {object} Browser
 * @property {string} command
 * @property {Record<string, string>} env what it needs beside the environment
 */

/** The smallest first: it has no window system to bring along. */
const PACKAGES = ['chromium-headless-shell', 'chromium']
const COMMANDS = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
]
/** Files of those packages: their start scripts look for settings below /etc and are left out. */
const FILES = ['usr/lib/chromium/chromium-headless-shell', 'usr/lib/chromium/chromium']

/** Why tests that need one are skipped where none can be had. */
export const NO_BROWSER = 'skipped: no Chromium is on PATH, and apt cannot fetch one'

/**
 * One on PATH, else the distribution's package, unpacked into `folder`.
 *
 * @param {{ folder: string, progress?: (line: string) => void }} options
 * @returns {Promise<Browser | undefined>} undefined where none can be had
 */
export async function findBrowser({ folder, progress = () => {} }) {
  const home = join(folder, 'packages')
  const ready = (await onThePath()) ?? (await below(home))
  if (ready) return ready
  const unpacked = await unpackPackages({ what: 'Chromium', home, progress, fill })
  return unpacked ? await below(home) : undefined
}

async function onThePath() {
  for (const name of COMMANDS) {
    const command = onPath(name)
    if (command && (await works({ command, env: {} }))) return { command, env: {} }
  }
  return undefined
}

/** @type {import('../apt/unpack.mjs').Fill} */
async function fill(root, work, options) {
  for (const name of PACKAGES) {
    const names = await packagesOf(name, options)
    if ((await fetchInto(root, work, names, options)) && (await below(root))) return true
  }
  return false
}

/** @returns {Promise<Browser | undefined>} the one unpacked below `root`, if it really runs */
async function below(/** @type {string} */ root) {
  for (const file of FILES) {
    const browser = { command: join(root, file), env: linkerPath(root) }
    if (existsSync(browser.command) && (await works(browser))) return browser
  }
  return undefined
}

async function works(/** @type {Browser} */ { command, env }) {
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--dump-dom', 'about:blank']
  return (await run(command, args, { env: { ...process.env, ...env }, timeoutMs: 30_000 })).ok
}
