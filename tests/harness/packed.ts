import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { repositoryRoot } from './place.ts'

const run = promisify(execFile)

/** What the build of a package uses of the workspace around it. */
const AROUND = ['apps', 'node_modules', 'scripts', 'LICENSE', 'tsconfig.json']
/** What is in the package's folder and not in the repository. */
const FOREIGN = ['node_modules', 'dist', 'lib', 'bin']

/**
 * Packs packages with `npm pack` in their folders and installs them in a project with `npm install`, as
 * anybody does. The folders are copies: while npm packs one, its package.json is another.
 *
 * @returns what each package holds
 */
export async function installPacked(
  packageRoots: readonly string[],
  project: string,
): Promise<{ path: string }[][]> {
  const workspace = join(project, 'workspace')
  mkdirSync(join(workspace, 'packages'), { recursive: true })
  for (const name of AROUND) symlinkSync(join(repositoryRoot, name), join(workspace, name))
  const packed = []
  for (const root of packageRoots) packed.push(await pack(root, workspace))
  const files = packed.map(({ file }) => file)
  // Nothing is asked of a registry: what a project brings along (`peerDependencies`) is its own affair.
  const install = [
    'install',
    '--offline',
    '--legacy-peer-deps',
    '--no-audit',
    '--no-fund',
    ...files,
  ]
  await run('npm', install, { cwd: project })
  return packed.map(({ holds }) => holds)
}

async function pack(packageRoot: string, workspace: string) {
  const folder = join(workspace, packageRoot)
  cpSync(join(repositoryRoot, packageRoot), folder, {
    recursive: true,
    filter: (path) => !FOREIGN.includes(basename(path)),
  })
  const modules = 'node_modules'
  symlinkSync(join(repositoryRoot, packageRoot, modules), join(folder, modules))
  const { stdout } = await run('npm', ['pack', '--json'], { cwd: folder })
  const [{ filename, files }] = JSON.parse(stdout) as [
    { filename: string; files: { path: string }[] },
  ]
  return { file: join(folder, filename), holds: files }
}
