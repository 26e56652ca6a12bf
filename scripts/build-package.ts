// Builds a package as it is published into a folder of its own, its `dist` unless another is named:
//
//   node scripts/build-package.ts packages/client [folder]
//
// `npm pack` in the package's folder does it by itself (pack-package.ts).
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

const repositoryRoot = fileURLToPath(new URL('../', import.meta.url))

interface Manifest {
  readonly version: string
  readonly exports: string | Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  /** By name: the module that a command begins with, of any package here. */
  readonly bin?: Readonly<Record<string, string>>
}

/** What only the workspace needs. */
const OWN_FIELDS = ['private', 'devDependencies', 'exports', 'scripts']

/** Builds the package as it is published, without what only the workspace needs. */
async function buildPackage(packageRoot: string, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  const tsc = join(repositoryRoot, 'node_modules/.bin/tsc')
  const args = ['-p', join(packageRoot, 'tsconfig.build.json'), '--outDir', join(folder, 'lib')]
  execFileSync(tsc, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  // The compiler rewrites what a module imports, but not what its declarations do.
  for (const file of globSync(join(folder, 'lib/**/*.d.ts'))) {
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replaceAll(/((?:from|import\()\s*'\.[^']*)\.ts'/g, "$1.js'"))
  }
  for (const [name, file] of Object.entries(manifestOf(packageRoot).bin ?? {})) {
    await bundleCommand(join(packageRoot, file), join(folder, commandFile(name)))
  }
  const manifest = `${JSON.stringify(published(manifestOf(packageRoot)), undefined, 2)}\n`
  writeFileSync(join(folder, 'package.json'), manifest)
  cpSync(join(packageRoot, 'README.md'), join(folder, 'README.md'))
  cpSync(join(repositoryRoot, 'LICENSE'), join(folder, 'LICENSE'))
}

const commandFile = (name: string): string => `bin/${name}.js`

/** In one file with all that it uses, so that the package itself needs none of it. */
async function bundleCommand(main: string, file: string): Promise<void> {
  const output = { file, format: 'esm' } as const
  const { output: chunks } = await build({
    input: main,
    platform: 'node',
    output,
    logLevel: 'warn',
  })
  chmodSync(file, 0o755)
  const modules = chunks.flatMap((chunk) => ('moduleIds' in chunk ? chunk.moduleIds : []))
  writeFileSync(join(file, '../LICENSES.txt'), licensesOf(modules))
}

/** The terms of everybody else's code that is in a bundle: they ask to be handed on with it. */
function licensesOf(modules: readonly string[]): string {
  const packageOf = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/
  const folders = new Set(modules.flatMap((id) => packageOf.exec(id)?.[0] ?? []))
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license, homepage } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    )
    const [file] = globSync('LICEN[CS]E*', { cwd: folder })
    // Some name their license and bring no text of it.
    const terms = file ? readFileSync(join(folder, file), 'utf8').trim() : license
    if (!terms) throw new Error(`${name} names no license, so it cannot be bundled`)
    return [`${name} ${version}`, homepage, terms].filter(Boolean).join('\n\n').concat('\n')
  })
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}

const manifestOf = (packageRoot: string): Manifest =>
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'))

function published(own: Manifest): Record<string, unknown> {
  const kept = Object.entries(own).filter(([name]) => !OWN_FIELDS.includes(name))
  const all = typeof own.exports === 'string' ? { '.': own.exports } : own.exports
  // What serves the tests of others in the workspace is not published.
  const entries = Object.entries(all).filter(([name]) => !name.startsWith('./testing/'))
  return {
    ...Object.fromEntries(kept),
    ...(own.dependencies ? { dependencies: versioned(own.dependencies) } : {}),
    sideEffects: false,
    exports: Object.fromEntries(entries.map(([name, file]) => [name, built(file)])),
    ...(own.bin && {
      bin: Object.fromEntries(Object.keys(own.bin).map((name) => [name, commandFile(name)])),
    }),
    files: own.bin ? ['bin', 'lib'] : ['lib'],
  }
}

/** `./src/x.ts` as it is built. */
function built(file: string): { types: string; default: string } {
  const module = file.replace(/^\.\/src\//, './lib/').replace(/\.ts$/, '')
  return { types: `${module}.d.ts`, default: `${module}.js` }
}

/** Packages of the workspace are published together, so one needs the other in its present version. */
function versioned(dependencies: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(dependencies).map(([name, range]) => {
    if (range !== 'workspace:*') return [name, range]
    const folder = globSync(join(repositoryRoot, 'packages/*/package.json'))
      .map((file) => join(file, '..'))
      .find((each) => (manifestOf(each) as Manifest & { name: string }).name === name)
    if (!folder) throw new Error(`no package ${name} in the workspace`)
    return [name, `^${manifestOf(folder).version}`]
  })
  return Object.fromEntries(entries)
}

const [packageRoot, folder] = process.argv.slice(2)
if (!packageRoot) throw new Error('Name the package to build, e.g. packages/client')
await buildPackage(
  resolve(repositoryRoot, packageRoot),
  folder ?? resolve(repositoryRoot, packageRoot, 'dist'),
)
