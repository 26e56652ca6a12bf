import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onPath, run } from '../launch/command.mjs'

// The last resort: the npm package redis-memory-server downloads Redis' source and compiles it.

const PACKAGE = 'redis-memory-server@0.17.1'
const BUILD_LIMIT_MS = 15 * 60_000

/**
 * @param {string} folder
 * @param {(line: string) => void} progress
 * @returns {Promise<string | undefined>} the path of a `redis-server`
 */
export async function fromSource(folder, progress) {
  const home = join(folder, 'built')
  const note = join(home, 'path.mjs')
  if (!existsSync(note)) {
    if (!onPath('make') || !(onPath('cc') || onPath('gcc') || onPath('clang'))) return undefined
    progress('Building Redis from source (a few minutes)')
    mkdirSync(home, { recursive: true })
    writeFileSync(join(home, 'package.json'), '{ "private": true }\n')
    const env = { ...process.env, REDISMS_DISABLE_POSTINSTALL: '1' }
    const added = await run('npm', ['install', '--no-audit', '--no-fund', PACKAGE], {
      cwd: home,
      env,
      timeoutMs: BUILD_LIMIT_MS,
    })
    if (!added.ok) return undefined
    writeFileSync(note, WHERE)
  }
  const env = {
    ...process.env,
    REDISMS_DOWNLOAD_DIR: join(home, 'binaries'),
    REDISMS_VERSION: '7.4.7',
  }
  const built = await run(process.execPath, [note], { cwd: home, env, timeoutMs: BUILD_LIMIT_MS })
  const file = built.stdout.trim().split('\n').at(-1) ?? ''
  return built.ok && existsSync(file) ? file : undefined
}

const WHERE = `import RedisBinary from 'redis-memory-server/lib/util/RedisBinary.js'
const { default: binary = RedisBinary } = RedisBinary
console.log(await binary.getPath())
`
