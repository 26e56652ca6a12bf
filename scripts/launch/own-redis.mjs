import { findRedis } from '../redis/find.mjs'
import { freePort, portIsFree } from '../redis/port.mjs'
import { startServer } from '../redis/server.mjs'
import { dataFolder, redisFolder } from './paths.mjs'
import { noteState, readState } from './state.mjs'

/**
 * AOF alone makes the data durable: snapshots beside it would only cost memory and disk. Nothing may
 * be evicted: everything in this Redis is an event or its outcome.
 */
const ARGS = [
  '--appendonly',
  'yes',
  '--appendfsync',
  'everysec',
  '--save',
  '',
  '--maxmemory-policy',
  'noeviction',
]

/**
 * Brings up the Redis of this clone, on the port it had before if that is still free.
 *
 * @param {(line: string) => void} progress
 * @param {(running: import('../redis/server.mjs').RunningRedis) => void} onSpawn
 */
export async function startOwnRedis(progress, onSpawn) {
  const server = await findRedis({ folder: redisFolder, progress })
  const { redisPort: kept } = readState()
  const port = kept !== undefined && (await portIsFree(kept, '127.0.0.1')) ? kept : await freePort()
  // Noted first: a start that is killed from here on must not leave a Redis that nobody finds.
  noteState({ redisPort: port })
  const running = await startServer(server, { port, dir: dataFolder, args: ARGS, onSpawn })
  return { url: running.url, description: `${running.url} (${SOURCE_WORDS[server.source]})` }
}

const SOURCE_WORDS = {
  path: 'the one installed on this machine',
  packages: "from the distribution's packages, unpacked into .posthorn/",
  docker: 'in a Docker container',
  built: 'built from source',
}
