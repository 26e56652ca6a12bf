// Prints how Redis can be run on this machine, as JSON {source, command, env}; fetches it if needed.
// Used by the tests: `node scripts/redis.mjs`.

import { redisFolder } from './launch/paths.mjs'
import { findRedis } from './redis/find.mjs'

try {
  const progress = (/** @type {string} */ line) => console.error(line)
  console.log(JSON.stringify(await findRedis({ folder: redisFolder, progress })))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
