import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { onPath } from '../launch/command.mjs'
import { askRedis } from './ask.mjs'
import { findRedis, RedisNotFoundError } from './find.mjs'
import { freePort } from './port.mjs'
import { startServer, stopServer } from './server.mjs'

// Each way to get Redis, on a machine made to have only that one by its PATH.

const fetched = fileURLToPath(new URL('../../.posthorn/redis', import.meta.url))
let folder: string
let bin: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-find-'))
  bin = join(folder, 'bin')
  mkdirSync(bin)
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** Makes PATH hold only these commands of the machine. */
function onlyHas(...commands: string[]): void {
  const found = commands.map((command) => [command, onPath(command)] as const)
  vi.stubEnv('POSTHORN_REDIS_SOURCE', '')
  vi.stubEnv('PATH', bin)
  for (const [command, file] of found) if (file) symlinkSync(file, join(bin, command))
}

function script(name: string, text: string): void {
  writeFileSync(join(bin, name), `#!/bin/bash\n${text}\n`)
  chmodSync(join(bin, name), 0o755)
}

/** The real Redis of this machine, as a script that can be put on a PATH. */
async function realRedis(): Promise<string> {
  const { command, env } = await findRedis({ folder: fetched })
  const variables = Object.entries(env).map(([name, value]) => `export ${name}='${value}'\n`)
  return `${variables.join('')}exec '${command}' "$@"`
}

test('a server on PATH is taken first, valkey-server too', async () => {
  const redis = await realRedis()
  onlyHas('bash')
  script('valkey-server', redis)
  expect(await findRedis({ folder })).toMatchObject({
    source: 'path',
    command: join(bin, 'valkey-server'),
  })
})

test('a server on PATH that does not run is passed over', async () => {
  onlyHas('bash')
  script('redis-server', 'exit 127')
  await expect(findRedis({ folder })).rejects.toThrow(RedisNotFoundError)
})

describe.runIf(onPath('apt-get') && onPath('dpkg'))('on a distribution with apt', () => {
  const tools = [
    'bash',
    'sh',
    'apt-get',
    'apt-key',
    'apt-config',
    'dpkg',
    'dpkg-deb',
    'tar',
    'xz',
    'ldd',
    'gpgv',
    'sed',
    'grep',
    'cat',
    'rm',
    'cp',
    'mv',
    'chmod',
    'mktemp',
    'find',
    'readlink',
    'touch',
    'sort',
    'id',
    'cmp',
    'tr',
    'cut',
    'head',
  ]

  test('its packages are unpacked into the folder, and run from there', async () => {
    onlyHas(...tools)
    const server = await findRedis({ folder: join(folder, 'kept') })
    expect(server).toMatchObject({ source: 'packages' })
    expect(server.command).toContain(join(folder, 'kept/packages'))
    const port = await freePort()
    const redis = await startServer(server, { port, dir: join(folder, 'data') })
    expect(await askRedis(port, ['SET', 'key', 'value'])).toBe('OK')
    await stopServer(redis)
    expect(readdirSync(join(folder, 'kept'))).toEqual(['packages'])
  })

  test('without lists of packages on the machine it fetches its own', async () => {
    onlyHas(...tools)
    const config = join(folder, 'no-lists.conf')
    mkdirSync(join(folder, 'no-lists'))
    writeFileSync(config, `Dir::State::lists "${join(folder, 'no-lists')}";\n`)
    vi.stubEnv('APT_CONFIG', config)
    const progress: string[] = []
    const server = await findRedis({
      folder: join(folder, 'kept'),
      progress: (line) => progress.push(line),
    })
    expect(server.source).toBe('packages')
    expect(progress).toContain('Fetching the list of packages')
  })
})

test('a Docker engine runs it in a container that can be signalled and keeps its data', async () => {
  const redis = await realRedis()
  onlyHas('bash', 'cat', 'rm')
  script('real-redis', redis)
  script('docker', FAKE_ENGINE)
  const server = await findRedis({ folder })
  expect(server.source).toBe('docker')
  const port = await freePort()
  const options = { port, dir: join(folder, 'data'), args: ['--appendonly', 'yes'] }
  const first = await startServer(server, options)
  expect(await askRedis(port, ['SET', 'key', 'value'])).toBe('OK')
  await stopServer(first)
  const second = await startServer(server, options)
  expect(await askRedis(port, ['GET', 'key'])).toBe('value')
  await stopServer(second)
})

/** There is no engine where these tests run: this client does with a real Redis what one would do. */
const FAKE_ENGINE = `
case "$1" in
  version) echo 27.0.0 ;;
  image) exit 0 ;;
  run)
    while [ "$1" != redis-server ]; do
      if [ "$1" = --name ]; then name="$2"; fi
      shift
    done
    shift
    echo $$ > "\${0%/*}/$name.pid"
    exec real-redis "$@" ;;
  kill) kill -s "$3" "$(cat "\${0%/*}/$4.pid")" ;;
esac`

test('a Docker client without an engine is not enough', async () => {
  onlyHas('bash')
  script('docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1')
  await expect(findRedis({ folder })).rejects.toThrow(RedisNotFoundError)
})

test('where nothing works, one message says what to do', async () => {
  onlyHas()
  await expect(findRedis({ folder })).rejects.toThrow(/REDIS_URL=redis:.*install it.*start Docker/s)
})
