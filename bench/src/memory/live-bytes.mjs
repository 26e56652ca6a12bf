// SIGUSR2 collects all garbage and leaves what is still alive, in bytes, in LIVE_BYTES_FOLDER/<pid>.
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')
const file = join(process.env.LIVE_BYTES_FOLDER ?? '', String(process.pid))

process.on('SIGUSR2', () => {
  // What has a finalizer goes only at the second time.
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  writeFileSync(`${file}.new`, String(heapUsed + external))
  renameSync(`${file}.new`, file)
})
