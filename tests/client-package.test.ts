import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { EdgeVM } from '@edge-runtime/vm'
import { createClient } from '@hey-api/openapi-ts'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installPacked } from './harness/packed.ts'
import { machineNode, nodeBinary, repositoryRoot } from './harness/place.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Arrival } from './harness/receiver.ts'

const run = promisify(execFile)
const typescript = join(repositoryRoot, 'tests/node_modules/typescript/bin/tsc')

/** A build, a pack and an installation by npm, on a machine that does other things too. */
const PACKING_MS = 180_000

let posthorn: Posthorn
/** A project outside the workspace that has installed the packed package. */
let project: string
let packed: { path: string }[]

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'posthorn-client-'))
  write('package.json', '{"type":"module"}')
  ;[packed = []] = await installPacked(['packages/client'], project)
  posthorn = await startPosthorn()
}, PACKING_MS)
afterAll(async () => {
  rmSync(project, { recursive: true, force: true })
  await posthorn?.stop()
})

function write(name: string, text: string): string {
  const file = join(project, name)
  writeFileSync(file, text)
  return file
}

/** Runs a module as the project's own; its output. */
async function node(file: string, binary = machineNode): Promise<string> {
  const env = { ...process.env, POSTHORN_URL: posthorn.url, POSTHORN_KEY: posthorn.key }
  const { stdout } = await run(binary, [file], { cwd: project, env })
  for (const [secret] of stdout.matchAll(/whsec_[A-Za-z0-9+/=]+/g)) posthorn.secrets.add(secret)
  return stdout
}

test('the package holds modules, their types, the command, README and license, and nothing else', () => {
  const paths = packed.map(({ path }) => path)
  const modules = paths.filter((path) => path.startsWith('lib/'))
  expect(paths.filter((path) => !modules.includes(path)).sort()).toEqual([
    'LICENSE',
    'README.md',
    'bin/LICENSES.txt',
    'bin/posthorn.js',
    'package.json',
  ])
  expect(modules).toEqual(expect.arrayContaining(['lib/index.js', 'lib/index.d.ts']))
  expect(modules.filter((path) => !/\.(js|d\.ts)$/.test(path) || /test/.test(path))).toEqual([])
  for (const path of modules) {
    const text = readFileSync(join(project, 'node_modules/posthorn', path), 'utf8')
    const imported = [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, name]) => name)
    for (const name of imported) expect(name, path).toMatch(/^\.\.?\/.*\.js$/)
  }
})

test('it is installed alone, and npx runs its command', async () => {
  const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'))
  expect(Object.keys(packages)).toEqual(['', 'node_modules/posthorn'])
  const env = { ...process.env, POSTHORN_URL: posthorn.url, POSTHORN_KEY: posthorn.key }
  const npx = ['--offline', 'posthorn', 'publish', 'a.b', '{}']
  const { stdout } = await run('npx', npx, { cwd: project, env })
  expect(stdout).toMatch(/^evt_\S+ accepted\n$/)
})

test.each([
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
])(
  'its types hold in a strict project of %s modules, resolved as %s does, with the web’s types alone',
  async (module, moduleResolution) => {
    write(
      'typed.ts',
      `import { Posthorn, PosthornProblem, verify, type Webhook } from 'posthorn'
    interface User { id: string }
    const user: User = { id: 'u' }
    export async function all(client: Posthorn): Promise<Webhook[]> {
      await client.publish({ type: 'a', data: user })
      // @ts-expect-error an event needs a type
      await client.publish({ data: 1 })
      // @ts-expect-error no such status
      client.deliveries.list({ status: 'lost' })
      const found: Webhook[] = []
      for await (const webhook of client.webhooks.list({ limit: 5 })) found.push(webhook)
      const [result] = await client.publishBatch([{ type: 'a', data: 1 }])
      if (result && !result.ok && result.error instanceof PosthornProblem) {
        const code: 'redis_full' | string = result.error.code
        console.log(code)
      }
      const { json } = await verify(new Headers(), new Uint8Array(), ['whsec_'])
      const id: string = json<User>().data.id
      console.log(id)
      return found
    }`,
    )
    const modules = { target: 'es2022', module, moduleResolution }
    const lib = ['es2022', 'dom', 'dom.iterable', 'dom.asynciterable']
    const options = { strict: true, noEmit: true, ...modules, types: [] }
    const compilerOptions = {
      ...options,
      lib,
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
    }
    write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['typed.ts'] }))
    const compiled = run(nodeBinary, [typescript, '-p', project])
    const said = await compiled.then(
      () => '',
      (error) => error.stdout,
    )
    expect(said).toBe('')
  },
)

describe('the README of the client', () => {
  const readme = readFileSync(join(repositoryRoot, 'packages/client/README.md'), 'utf8')
  const [publish = '', batch = '', manage = '', receive = '', ...more] = [
    ...readme.matchAll(/^```js\n([\s\S]*?)^```/gm),
  ].map(([, code]) => code)

  test('publishes, in one and in many', async () => {
    expect(more).toEqual([])
    expect(await node(write('publish.js', publish))).toMatch(/^published evt_/)
    expect(await node(write('batch.js', batch))).toBe('2500 taken\n')
  })

  test('manages webhooks and dead letters', async () => {
    expect(await node(write('manage.js', manage))).toMatch(/done 0 of 0\nno such webhook\n$/)
  })

  test('receives what the worker sends, and refuses what somebody else does', async () => {
    const receiver = await posthorn.receiver()
    const at = receiver.endpoint()
    const shop = posthorn.tenant('client-readme')
    const { secret } = await shop.webhook({ url: at.url })
    await shop.publish()
    const [{ headers, text }] = (await at.arrivals(1)) as [Arrival]
    write('receive.js', receive)
    const call = write(
      'call.js',
      `import { receive } from './receive.js'
      process.env.WEBHOOK_SECRET = ${JSON.stringify(secret)}
      const init = { method: 'POST', headers: ${JSON.stringify(headers)}, body: ${JSON.stringify(text)} }
      console.log((await receive(new Request('http://here', init))).status)
      console.log((await receive(new Request('http://here', { ...init, body: init.body + ' ' }))).status)`,
    )
    expect(await node(call)).toMatch(/^received evt_\S+ user\.created\n204\n401\n$/)
  })
})

test('in an edge runtime it publishes and verifies', async () => {
  const input = write('edge.js', `export { Posthorn, verify, SignatureError } from 'posthorn'`)
  const bundle = await rolldown({ input })
  const { output } = await bundle.generate({ format: 'iife', name: 'client' })
  await bundle.close()
  const vm = new EdgeVM({ initialCode: `${output[0].code}\nglobalThis.client = client` })
  const options = JSON.stringify({ url: posthorn.url, key: posthorn.key })
  const published = await vm.evaluate(
    `new client.Posthorn(${options}).publish({ type: 'a', data: 1 })`,
  )
  expect(published).toMatchObject({ duplicate: false })
  // The vector of the Standard Webhooks suites.
  const headers = `new Headers({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' })`
  const secret = `'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', { nowMs: 1614265330000 }`
  const verified = await vm.evaluate(`client.verify(${headers}, '{"test": 2432232314}', ${secret})`)
  expect(verified.id).toBe('msg_p5jXN8AQM9LWM0D4loKWxJek')
  const fault = vm.evaluate(
    `client.verify(${headers}, '{}', ${secret}).catch((error) => error.fault)`,
  )
  expect(await fault).toBe('mismatch')
})

test('a client that a generator makes of /openapi.json works too', async () => {
  const made = join(project, 'generated')
  await createClient({
    input: write('openapi.json', await (await fetch(`${posthorn.url}/openapi.json`)).text()),
    output: { path: made, module: { extension: '.ts' } },
    logs: { level: 'silent' },
    plugins: ['@hey-api/client-fetch', '@hey-api/sdk', '@hey-api/typescript'],
  })
  const main = write(
    'use-generated.ts',
    `import { client } from './generated/client.gen.ts'
    import { getDeliveries, getWebhooksById, postEvents, postWebhooks } from './generated/sdk.gen.ts'
    declare const process: { env: Record<string, string> }
    client.setConfig({ baseUrl: process.env.POSTHORN_URL ?? '', auth: () => process.env.POSTHORN_KEY })
    const webhook = await postWebhooks({
      body: { url: 'https://example.com/hook', eventTypes: ['x.*'], tenant: 'generated' },
      throwOnError: true,
    })
    const read = await getWebhooksById({ path: { id: webhook.data.id }, throwOnError: true })
    const event = await postEvents({
      body: { type: 'user.created', data: { n: 1 }, tenant: 'generated' },
      throwOnError: true,
    })
    const page = await getDeliveries({
      query: { limit: 5, tenant: 'generated', status: 'pending' },
      throwOnError: true,
    })
    const missing = await getWebhooksById({ path: { id: 'wh_00000000000000000000000000' } })
    const code: 'not_found' | string | undefined = missing.error?.code
    console.log(read.data.eventTypes.join(), event.data.duplicate, page.data.data.length, code)`,
  )
  expect(await node(main, nodeBinary)).toBe('x.* false 0 not_found\n')
  const options = { strict: true, noEmit: true, target: 'es2022', module: 'nodenext', types: [] }
  const lib = ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable']
  const compilerOptions = { ...options, lib, allowImportingTsExtensions: true, skipLibCheck: true }
  write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['use-generated.ts'] }))
  const said = await run(nodeBinary, [typescript, '-p', project]).then(
    () => '',
    (error) => error.stdout,
  )
  expect(said).toBe('')
})
