import { StartError } from './options.mjs'

const POLL_MS = 50
const TIMEOUT_MS = 60_000

/**
 * Waits until every process says on its `/readyz` that it is ready.
 *
 * @param {number[]} ports
 * @param {() => boolean} cancelled
 * @returns {Promise<boolean>} false when cancelled
 * @throws {StartError} after a minute, with the reasons they give
 */
export async function waitUntilReady(ports, cancelled) {
  const deadline = Date.now() + TIMEOUT_MS
  for (const port of ports) {
    for (;;) {
      if (cancelled()) return false
      const answer = await probe(port)
      if (answer.ready) break
      if (Date.now() > deadline) throw new StartError(`Not ready after a minute: ${answer.reason}`)
      await new Promise((next) => setTimeout(next, POLL_MS))
    }
  }
  return true
}

async function probe(/** @type {number} */ port) {
  try {
    const response = await fetch(`http://localhost:${port}/readyz`, {
      signal: AbortSignal.timeout(2_000),
    })
    return {
      ready: response.ok,
      reason: `port ${port} answers ${response.status} ${await response.text()}`,
    }
  } catch (error) {
    return {
      ready: false,
      reason: `port ${port} does not answer (${error instanceof Error ? error.message : error})`,
    }
  }
}
