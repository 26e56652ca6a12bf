import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const generatedDoc = (name: string, wanted: string) => generatedFile(`docs/${name}`, wanted)

/**
 * Writes a file of the repository that is made from code; with `--check` on the command line it only
 * compares, and fails with what to do when they differ.
 */
export function generatedFile(path: string, wanted: string): void {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url))
  if (!process.argv.includes('--check')) {
    writeFileSync(file, wanted)
  } else if (readIfThere(file) !== wanted) {
    console.error(`${path} is not what the code says. Run: npm run docs`)
    process.exitCode = 1
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
