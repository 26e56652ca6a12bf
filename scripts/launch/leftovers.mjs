import { realpathSync } from 'node:fs'
import { askRedis } from '../redis/ask.mjs'
import { portIsFree } from '../redis/port.mjs'
import { dataFolder } from './paths.mjs'
import { isRunning } from './state.mjs'

// Ends what an earlier start left running when it was killed with no chance to tidy up.

const SERVICE_GRACE_MS = 3_000
const REDIS_GRACE_MS = 15_000
const POLL_MS = 50

/** @param {import('./state.mjs').RunState} state */
export async function endLeftovers(state) {
  const services = Object.entries(state.services ?? {}).filter(([main, pid]) =>
    isRunning(pid, main),
  )
  await Promise.all(services.map(([main, pid]) => endService(main, pid)))
  if (state.redisPort !== undefined) await endRedis(state.redisPort)
}

async function endService(/** @type {string} */ main, /** @type {number} */ pid) {
  process.kill(pid, 'SIGTERM')
  if (await waitFor(() => !isRunning(pid, main), SERVICE_GRACE_MS)) return
  process.kill(pid, 'SIGKILL')
  await waitFor(() => !isRunning(pid, main), SERVICE_GRACE_MS)
}

/** Two Redis on one data folder would ruin it, so the old one is asked to write everything and go. */
async function endRedis(/** @type {number} */ port) {
  const folder = await askRedis(port, ['CONFIG', 'GET', 'dir']).catch(() => undefined)
  if (!Array.isArray(folder) || folder[1] !== realFolder()) return
  // It answers by closing the connection.
  await askRedis(port, ['SHUTDOWN'], { timeoutMs: REDIS_GRACE_MS }).catch(() => undefined)
  const gone = await waitFor(() => portIsFree(port, '127.0.0.1'), REDIS_GRACE_MS)
  if (!gone)
    throw new Error(
      `A Redis of an earlier run still uses ${dataFolder} on port ${port}. Stop it first.`,
    )
}

function realFolder() {
  try {
    return realpathSync(dataFolder)
  } catch {
    return undefined
  }
}

/**
 * @param {() => boolean | Promise<boolean>} condition
 * @param {number} timeoutMs
 */
async function waitFor(condition, timeoutMs) {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline) return false
    await new Promise((next) => setTimeout(next, POLL_MS))
  }
  return true
}
