import { freePort, portIsFree } from '../redis/port.mjs'

const DEFAULT_PORT = 3_000
const DEFAULT_WORKER_PORT = 3_001

export const HELP = `npm start: Posthorn on this machine, with everything it needs.

Installs the packages, brings up a Redis of its own (unless REDIS_URL is set), the API and a worker,
and prints the URL, the API key and a first command. Data, keys and logs stay in .posthorn/, so that
the next start finds the same. Ctrl-C ends all of it.

  PORT                   where the API listens (${DEFAULT_PORT})
  POSTHORN_WORKER_PORT   where the worker's probes and metrics listen (${DEFAULT_WORKER_PORT}, or a free one)
  REDIS_URL              a Redis that runs already
  POSTHORN_ROOT_KEY      the API key to use, instead of a generated one
  POSTHORN_ALLOW_CIDRS   private ranges that webhooks may reach (loopback)

All variables: docs/configuration.md. In production: npm run start:api, npm run start:worker.
`

/** A mistake of the user; its message says what to do, a stack would say nothing. */
export class StartError extends Error {}

/**
 * The ports of the API and the worker.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ port: number, workerPort: number }>}
 * @throws {StartError} when a port that was asked for is taken, or is none
 */
export async function choosePorts(env) {
  const port = portOf('PORT', env.PORT, DEFAULT_PORT)
  if (!(await portIsFree(port))) {
    throw new StartError(
      `Port ${port} is taken. Stop what listens there, or choose another one: PORT=${port + 10} npm start`,
    )
  }
  const asked = env.POSTHORN_WORKER_PORT
  const workerPort = portOf('POSTHORN_WORKER_PORT', asked, DEFAULT_WORKER_PORT)
  if (workerPort !== port && (await portIsFree(workerPort))) return { port, workerPort }
  if (!asked) return { port, workerPort: await freePort() }
  throw new StartError(
    `POSTHORN_WORKER_PORT: port ${workerPort} is taken. Choose another one, or leave it out.`,
  )
}

/** @returns {number} */
function portOf(
  /** @type {string} */ name,
  /** @type {string | undefined} */ text,
  /** @type {number} */ fallback,
) {
  if (!text) return fallback
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return port
  throw new StartError(`${name} is "${text}": expected a port, 1 to 65535`)
}
