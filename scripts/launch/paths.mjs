import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))
/** Everything a running Posthorn of this clone keeps: data, keys, logs, a Redis of its own. */
export const home = join(root, '.posthorn')
export const redisFolder = join(home, 'redis')
export const dataFolder = join(home, 'data')
