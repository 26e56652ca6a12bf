import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { home } from './paths.mjs'

// What a start notes about itself, so that the next one can tell a running Posthorn of this clone
// from the remains of one that was killed. A process id alone proves nothing (ids are used again):
// it counts only together with the command line it should have.

const file = join(home, 'run.json')

/**
 * @typedef {object} RunState
 * @property {number} [pid] of scripts/start.mjs
 * @property {string} [url]
 * @property {number} [redisPort] kept over restarts
 * @property {Record<string, number>} [services] main file → process id
 */

/** @returns {RunState} empty when there was no earlier run, or its note is unreadable */
export function readState() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {}
  }
}

/** Changes some fields of the note, the whole of it at once. */
export function noteState(/** @type {RunState} */ changes) {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const half = `${file}.${process.pid}`
  writeFileSync(half, `${JSON.stringify({ ...readState(), ...changes })}\n`)
  renameSync(half, file)
}

/** After a clean end only the port of Redis is worth keeping. */
export function clearState() {
  const { redisPort } = readState()
  rmSync(file, { force: true })
  if (redisPort !== undefined) noteState({ redisPort })
}

/**
 * Whether the process `pid` lives and was started with `part` in its command line.
 *
 * @param {number | undefined} pid
 * @param {string} part
 */
export function isRunning(pid, part) {
  if (!pid || pid === process.pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  return commandLine(pid).includes(part)
}

/** @returns {string} empty for a process that is gone or already dead (a zombie) */
function commandLine(/** @type {number} */ pid) {
  if (existsSync('/proc/self/cmdline')) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    } catch {
      return ''
    }
  }
  return spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? ''
}
