import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The file that Redis appends to now, and how much of it there is. */
export function endOfAof(redisDir: string): { file: string; bytes: number } {
  const folder = join(redisDir, 'appendonlydir')
  const name = readdirSync(folder).findLast((each) => each.endsWith('.incr.aof'))
  if (name === undefined) throw new Error(`no AOF in ${folder}`)
  const file = join(folder, name)
  return { file, bytes: statSync(file).size }
}
