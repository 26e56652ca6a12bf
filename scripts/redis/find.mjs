import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { onPath, run } from '../launch/command.mjs'
import { fromSource } from './built.mjs'
import { dockerWorks } from './docker.mjs'
import { fromPackages } from './packages.mjs'

/**
 * How Redis can be run on this machine. `docker` has no command of its own: `redis/server.mjs` makes
 * the container.
 *
 * @typedef {object} RedisServer
 * @property {'path' | 'packages' | 'docker' | 'built'} source
 * @property {string} command
 * @property {Record<string, string>} env what it needs beside the environment
 */

export const SOURCES = /** @type {const} */ (['path', 'packages', 'docker', 'built'])

const NOT_FOUND = `Posthorn needs Redis, and found no way to get it on this machine. Do one of these, then run the command again:
  - set REDIS_URL to a Redis or Valkey that runs already, e.g. REDIS_URL=redis://127.0.0.1:6379
  - install it: apt install redis-server · dnf install valkey · apk add redis · brew install redis
  - start Docker`

export class RedisNotFoundError extends Error {
  constructor() {
    super(NOT_FOUND)
    this.name = 'RedisNotFoundError'
  }
}

/**
 * The first way that works: a server on PATH, the distribution's packages unpacked into `folder`, a
 * Docker engine, a build from source. Always a real Redis, never a substitute.
 *
 * @param {{ folder: string, env?: NodeJS.ProcessEnv, progress?: (line: string) => void }} options
 *   `folder` keeps what is fetched; POSTHORN_REDIS_SOURCE names one way and skips the others
 * @returns {Promise<RedisServer>}
 * @throws {RedisNotFoundError} with what to do
 */
export async function findRedis({ folder, env = process.env, progress = () => {} }) {
  const only = env.POSTHORN_REDIS_SOURCE
  for (const source of SOURCES) {
    if (only && only !== source) continue
    const server = await finders[source](folder, progress)
    if (server) return { source, ...server }
  }
  throw new RedisNotFoundError()
}

/** @type {Record<RedisServer['source'], (folder: string, progress: (line: string) => void) => Promise<{ command: string, env: Record<string, string> } | undefined>>} */
const finders = {
  path: async () => {
    for (const name of ['redis-server', 'valkey-server']) {
      const command = onPath(name)
      if (command && (await run(command, ['--version'])).ok) return { command, env: {} }
    }
    return undefined
  },
  packages: (folder, progress) => fromPackages(folder, progress),
  docker: async (_folder, progress) =>
    (await dockerWorks(progress)) ? { command: 'docker', env: {} } : undefined,
  built: async (folder, progress) => {
    mkdirSync(folder, { recursive: true })
    const command = await fromSource(join(folder), progress)
    return command ? { command, env: {} } : undefined
  },
}
