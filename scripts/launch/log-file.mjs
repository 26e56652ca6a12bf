import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

const MAX_BYTES = 20 * 1_024 * 1_024

/**
 * A log file that never grows past twice 20 MiB: the full one becomes `<file>.1`.
 *
 * @param {string} file
 */
export function openLogFile(file) {
  mkdirSync(dirname(file), { recursive: true })
  let bytes = existsSync(file) ? statSync(file).size : 0
  let handle = openSync(file, 'a', 0o600)
  return {
    write(/** @type {string} */ text) {
      if (bytes > MAX_BYTES) {
        closeSync(handle)
        renameSync(file, `${file}.1`)
        handle = openSync(file, 'a', 0o600)
        bytes = 0
      }
      bytes += writeSync(handle, text)
    },
    close: () => closeSync(handle),
  }
}
