import { execFile } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { nodeBinary, repositoryRoot } from './place.ts'

const run = promisify(execFile)

/** Builds a package as it is published, packs it and unpacks it as a project's installation. */
export async function installPacked(
  packageRoot: string,
  name: string,
  project: string,
): Promise<{ path: string }[]> {
  const built = join(project, `built-${name}`)
  const build = join(repositoryRoot, 'scripts/build-package.ts')
  await run(nodeBinary, [build, packageRoot, built])
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project, built])
  const [{ filename, files }] = JSON.parse(stdout)
  const installed = join(project, 'node_modules', name)
  mkdirSync(installed, { recursive: true })
  const tar = ['-xzf', join(project, filename), '-C', installed, '--strip-components=1']
  await run('tar', tar)
  rmSync(built, { recursive: true })
  return files
}
