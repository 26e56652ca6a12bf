import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sharedRedisUrl } from '@posthorn/shared/testing/namespace.ts'
import { freePort } from '@posthorn/shared/testing/redis.ts'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { installPacked } from './harness/packed.ts'
import { machineNode, nodeBinary, repositoryRoot } from './harness/place.ts'

const run = promisify(execFile)
const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`

/** Two builds, packs and an installation by npm, on a machine that does other things too. */
const PACKING_MS = 180_000

/** A project outside the workspace that has installed the packed packages. */
let project: string
let packed: { path: string }[]

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'posthorn-receiver-'))
  writeFileSync(join(project, 'package.json'), '{"type":"module"}')
  ;[, packed = []] = await installPacked(['packages/client', 'packages/receiver'], project)
  for (const name of ['bullmq', 'fastify']) {
    symlinkSync(
      join(repositoryRoot, 'packages/receiver/node_modules', name),
      join(project, 'node_modules', name),
    )
  }
}, PACKING_MS)
afterAll(() => rmSync(project, { recursive: true, force: true }))

test('the package holds modules, their types, README and license, and needs posthorn and bullmq alone', () => {
  const paths = packed.map(({ path }) => path)
  const modules = paths.filter((path) => path.startsWith('lib/'))
  expect(paths.filter((path) => !modules.includes(path)).sort()).toEqual([
    'LICENSE',
    'README.md',
    'package.json',
  ])
  expect(modules.filter((path) => !/\.(js|d\.ts)$/.test(path) || /test/.test(path))).toEqual([])
  const installed = join(project, 'node_modules/posthorn-receiver')
  const imported = modules
    .filter((path) => path.endsWith('.js'))
    .flatMap((path) => [
      ...readFileSync(join(installed, path), 'utf8').matchAll(/from\s*'([^'.][^']*)'/g),
    ])
    .map(([, name]) => name)
    .filter((name) => !name?.startsWith('node:'))
  expect([...new Set(imported)].sort()).toEqual(['bullmq', 'posthorn'])
})

test('its types hold in a strict project', async () => {
  writeFileSync(
    join(project, 'typed.ts'),
    `import type { Queue } from 'bullmq'
    import type { FastifyInstance } from 'fastify'
    import { createReceiver, createWorker, github, type Receiver } from 'posthorn-receiver'
    import { expressHandler } from 'posthorn-receiver/express'
    import { fastifyReceiver } from 'posthorn-receiver/fastify'
    import { honoHandler } from 'posthorn-receiver/hono'
    import { nodeHandler } from 'posthorn-receiver/node'
    import { bearer } from 'posthorn-receiver/schemes'
    export function all(queue: Queue, app: FastifyInstance): unknown[] {
      const receiver: Receiver = createReceiver({ queue, scheme: github(['a', 'b']) })
      // @ts-expect-error a receiver needs a scheme
      createReceiver({ queue })
      app.register(fastifyReceiver(receiver, '/hook'))
      createWorker('q', async (event, step) => {
        const n: number = await step('count', () => event.json<{ n: number }>().n)
        return n
      }, { connection: {} })
      return [bearer('t'), expressHandler(receiver), honoHandler(receiver), nodeHandler(receiver)]
    }`,
  )
  const options = { strict: true, noEmit: true, target: 'es2022', module: 'nodenext' }
  const types = { types: ['node'], typeRoots: [join(repositoryRoot, 'node_modules/@types')] }
  const compilerOptions = { ...options, ...types, lib: ['es2023', 'dom'], skipLibCheck: true }
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['typed.ts'] }),
  )
  const typescript = join(repositoryRoot, 'tests/node_modules/typescript/bin/tsc')
  const said = await run(nodeBinary, [typescript, '-p', project]).then(
    () => '',
    (error) => error.stdout,
  )
  expect(said).toBe('')
})

test('the README’s receiver takes an event once and books it', async () => {
  const readme = readFileSync(join(repositoryRoot, 'packages/receiver/README.md'), 'utf8')
  const [code = '', ...more] = [...readme.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, js]) => js)
  expect(more).toEqual([])
  // A queue of its own, because the Redis is shared.
  const file = join(project, 'receiver.js')
  writeFileSync(file, code.replaceAll("'webhooks'", `'readme-${randomUUID()}'`))
  const port = await freePort()
  const its = { REDIS_URL: sharedRedisUrl(), WEBHOOK_SECRET: secret, PORT: String(port) }
  const child: ChildProcess = spawn(machineNode, [file], { env: { ...process.env, ...its } })
  let output = ''
  child.stdout?.on('data', (chunk) => {
    output += chunk
  })
  try {
    const post = () => fetch(`http://127.0.0.1:${port}/`, signed('msg_1', '{"data":{"total":7}}'))
    const wait = { timeout: 30_000, interval: 20 }
    await vi.waitFor(async () => expect((await post()).status).toBe(202), wait)
    expect((await post()).status).toBe(202)
    await vi.waitFor(() => expect(output).toBe('booked 7 under msg_1/book\n'), wait)
  } finally {
    const gone = once(child, 'exit')
    child.kill()
    expect(await gone).toEqual([0, null])
  }
})

function signed(id: string, body: string): RequestInit {
  const at = new Date()
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  }
  return { method: 'POST', headers, body }
}
