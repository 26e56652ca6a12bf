import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest', '.txt'])
/** Smaller ones fit into one packet as they are. */
const WORTH_IT_BYTES = 1_024

/** Puts a brotli and a gzip copy beside each file that gains by it; the API sends whichever a browser takes. */
export function compressFiles(/** @type {string} */ folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    if (!entry.isFile() || !COMPRESSIBLE.has(extname(file))) continue
    const bytes = readFileSync(file)
    if (bytes.length < WORTH_IT_BYTES) continue
    const sizeHint = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: sizeHint }))
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
  }
}
