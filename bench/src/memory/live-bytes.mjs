// SIGUSR2 collects all garbage and leaves what is still alive, in bytes, in LIVE_BYTES_FOLDER/<pid>.
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')
const file = join(process.env.LIVE_BYTES_FOLDER ?? '', String(process.pid))

/** What the engine compiles to, and keeps to be able to go back from it. */
const OF_CODE = new Set([
  'code_space',
  'code_large_object_space',
  'trusted_space',
  'trusted_large_object_space',
])

process.on('SIGUSR2', () => {
  // What has a finalizer goes only at the second time.
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  const code = getHeapSpaceStatistics()
    .filter(({ space_name }) => OF_CODE.has(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0)
  writeFileSync(`${file}.new`, JSON.stringify({ all: heapUsed + external, code }))
  renameSync(`${file}.new`, file)
})
