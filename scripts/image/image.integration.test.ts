import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { freePort } from '../redis/port.mjs'
import { execForm, parseDockerfile } from './dockerfile.ts'

// No Docker engine runs where these tests do: the steps of the Dockerfile are run as the same
// commands in an empty directory, and the services from what they left there.

const root = fileURLToPath(new URL('../../', import.meta.url))
const nodeBin = join(root, 'node_modules/.bin')
const instructions = parseDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'))
const textOf = (name: string) => instructions.find((step) => step.name === name)?.text ?? ''
const BUILD_LIMIT_MS = 400_000

let app: string

beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), 'posthorn-image-'))
  for (const { name, text } of instructions) {
    if (name === 'COPY') copy(text.split(' '))
    if (name === 'RUN') {
      execFileSync('sh', ['-c', text], { cwd: app, env: environment(caches()), stdio: 'pipe' })
    }
  }
}, BUILD_LIMIT_MS)

afterAll(() => rmSync(app, { recursive: true, force: true }))

/** As Docker: a folder's content goes into the target, a file goes below a target that ends in /. */
function copy(words: string[]): void {
  const target = words.at(-1) ?? ''
  for (const source of words.slice(0, -1)) {
    const to = join(app, target, target.endsWith('/') ? basename(source) : '')
    mkdirSync(dirname(to), { recursive: true })
    cpSync(join(root, source), to, { recursive: true })
  }
}

/** What this machine has downloaded already need not come over the network again. */
function caches(): Record<string, string> {
  const modules = readFileSync(join(root, 'node_modules/.modules.yaml'), 'utf8')
  const store = /"?storeDir"?: "?([^"\n,]+)/.exec(modules)?.[1] ?? ''
  const npm = execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim()
  return {
    npm_config_cache: npm,
    pnpm_config_store_dir: dirname(store),
    npm_config_store_dir: dirname(store),
  }
}

function environment(more: Record<string, string> = {}): Record<string, string> {
  const { NODE_ENV: _, npm_config_user_agent: __, ...inherited } = process.env
  const path = `${nodeBin}:${process.env.PATH}`
  return { ...(inherited as Record<string, string>), NODE_ENV: 'production', PATH: path, ...more }
}

test.each([
  ['the API, as the image starts it', execForm(textOf('CMD')), 'PORT'],
  ['a worker', ['node', 'apps/worker/src/main.ts'] as const, 'POSTHORN_WORKER_PORT'],
])('%s runs from the image, is found healthy, and ends on SIGTERM', async (_, command, port) => {
  const env = environment({
    REDIS_URL: inject('redisUrl'),
    POSTHORN_NAMESPACE: `image-${port.length}`,
    POSTHORN_ROOT_KEY: 'posthorn_for-the-image-only-123',
    POSTHORN_ENCRYPTION_KEYS: Buffer.alloc(32).toString('base64'),
    PORT: '1',
    POSTHORN_WORKER_PORT: '1',
    [port]: String(await freePort()),
  })
  const service = spawn(command[0], command.slice(1), { cwd: app, env, stdio: 'pipe' })
  let said = ''
  for (const stream of [service.stdout, service.stderr]) stream.on('data', (text) => (said += text))
  const exited = once(service, 'close')
  while (!isHealthy(env)) {
    expect(service.exitCode, said).toBeNull()
    await new Promise((next) => setTimeout(next, 100))
  }
  service.kill('SIGTERM')
  expect(await exited, said).toEqual([0, null])
})

function isHealthy(env: Record<string, string>): boolean {
  const [command, ...args] = execForm(textOf('HEALTHCHECK'))
  try {
    execFileSync(command, args, { cwd: app, env, stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

test('the image runs as an ordinary user, and pins the Node and the pnpm of the workspace', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(textOf('USER')).toBe('node')
  expect(textOf('FROM')).toContain(`node:${manifest.devDependencies.node}-`)
  expect(textOf('RUN')).toContain(`pnpm@${manifest.devEngines.packageManager.version}`)
})

test('the image, npm start and npm run start:… give look-ups the same number of threads', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const launch = readFileSync(join(root, 'scripts/launch/service.mjs'), 'utf8')
  const environments = instructions.filter((step) => step.name === 'ENV').map((step) => step.text)
  expect(environments).toContain('UV_THREADPOOL_SIZE=32')
  expect(launch).toContain("UV_THREADPOOL_SIZE = '32'")
  for (const name of ['start:api', 'start:worker']) {
    expect(scripts[name]).toMatch(/^exec env UV_THREADPOOL_SIZE=\$\{UV_THREADPOOL_SIZE:-32\} node /)
  }
})
