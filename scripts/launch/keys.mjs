import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { home } from './paths.mjs'

const file = join(home, 'keys.json')

/**
 * The keys of this clone: from the environment, else those kept in `.posthorn/keys.json`, which the
 * first start makes. Losing the encryption keys makes stored secrets unreadable, so they stay beside
 * the data.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ POSTHORN_ROOT_KEY: string, POSTHORN_ENCRYPTION_KEYS: string }}
 */
export function keysOf(env) {
  const kept = readKept()
  const keys = {
    POSTHORN_ROOT_KEY:
      kept.POSTHORN_ROOT_KEY ?? `posthorn_${randomBytes(24).toString('base64url')}`,
    POSTHORN_ENCRYPTION_KEYS: kept.POSTHORN_ENCRYPTION_KEYS ?? randomBytes(32).toString('base64'),
  }
  if (!kept.POSTHORN_ROOT_KEY || !kept.POSTHORN_ENCRYPTION_KEYS) keep(keys)
  return {
    POSTHORN_ROOT_KEY: env.POSTHORN_ROOT_KEY || keys.POSTHORN_ROOT_KEY,
    POSTHORN_ENCRYPTION_KEYS: env.POSTHORN_ENCRYPTION_KEYS || keys.POSTHORN_ENCRYPTION_KEYS,
  }
}

/** @returns {{ POSTHORN_ROOT_KEY?: string, POSTHORN_ENCRYPTION_KEYS?: string }} */
function readKept() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw new Error(`${file} cannot be read: repair or remove it`, { cause: error })
  }
}

/** Readable by its owner only, and whole or not at all. */
function keep(/** @type {object} */ keys) {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const half = `${file}.${process.pid}`
  writeFileSync(half, `${JSON.stringify(keys, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(half, file)
}
