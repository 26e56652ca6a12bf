// Builds the package as it is published into a folder of its own, `dist` unless another is named:
//
//   node packages/client/scripts/build.ts [folder] && npm publish packages/client/dist
import { execFileSync } from 'node:child_process'
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const packageRoot = fileURLToPath(new URL('../', import.meta.url))
const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url))

/** What only the workspace needs. */
const OWN_FIELDS = ['private', 'devDependencies', 'exports', 'scripts']

/** Builds the package as it is published, without what only the workspace needs. */
function buildPackage(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  const tsc = join(repositoryRoot, 'node_modules/.bin/tsc')
  const args = ['-p', join(packageRoot, 'tsconfig.build.json'), '--outDir', join(folder, 'lib')]
  execFileSync(tsc, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  // The compiler rewrites what a module imports, but not what its declarations do.
  for (const file of globSync(join(folder, 'lib/**/*.d.ts'))) {
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replaceAll(/((?:from|import\()\s*'\.[^']*)\.ts'/g, "$1.js'"))
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), undefined, 2)}\n`)
  cpSync(join(packageRoot, 'README.md'), join(folder, 'README.md'))
  cpSync(join(repositoryRoot, 'LICENSE'), join(folder, 'LICENSE'))
}

function manifest(): Record<string, unknown> {
  const own = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'))
  const kept = Object.entries(own).filter(([name]) => !OWN_FIELDS.includes(name))
  return {
    ...Object.fromEntries(kept),
    sideEffects: false,
    exports: { '.': { types: './lib/index.d.ts', default: './lib/index.js' } },
    files: ['lib'],
  }
}

buildPackage(process.argv[2] ?? join(packageRoot, 'dist'))
