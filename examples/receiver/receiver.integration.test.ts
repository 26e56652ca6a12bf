import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { sharedRedisUrl } from '@posthorn/shared/testing/namespace.ts'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

const KEY = 'a signing key'
let children: ChildProcess[] = []

beforeAll(() => {
  vi.stubEnv('REDIS_URL', sharedRedisUrl())
  vi.stubEnv('QUEUE', `example-${randomUUID()}`)
  vi.stubEnv('SIGNING_KEY', KEY)
})
afterEach(async () => {
  await Promise.all(children.map(end))
  children = []
})
afterAll(async () => {
  const { queue } = await import('./receiver.mjs')
  await queue.obliterate({ force: true })
  await queue.close()
})

async function end(child: ChildProcess): Promise<void> {
  const gone = child.exitCode ?? once(child, 'exit')
  child.kill()
  await gone
}

/** Starts an example, and waits for what it prints. */
function start(name: string) {
  const file = fileURLToPath(new URL(name, import.meta.url))
  const child = spawn(process.execPath, [file], { env: { ...process.env, PORT: '0' } })
  children.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk
    })
  }
  const printed = (pattern: RegExp) =>
    vi.waitFor(
      () => {
        const found = pattern.exec(output)
        if (!found) throw new Error(`${name} has printed: ${output}`)
        return found
      },
      { timeout: 40_000, interval: 20 },
    )
  return { printed, output: () => output }
}

const newBody = () =>
  JSON.stringify({ event: 'PostRegister', createdAt: randomUUID(), user: { id: 'u_1' } })

function signed(body: string): RequestInit {
  const signature = createHmac('sha256', KEY).update(body).digest('hex')
  const headers = { 'content-type': 'application/json', 'logto-signature-sha-256': signature }
  return { method: 'POST', headers, body }
}

test('the example takes an event once and works it off in steps, each of them once', async () => {
  const http = start('http.mjs')
  const [, port] = await http.printed(/port: (\d+)/)
  const worker = start('worker.mjs')
  const body = newBody()
  for (let i = 0; i < 2; i++) {
    expect((await fetch(`http://127.0.0.1:${port}/hook`, signed(body))).status).toBe(202)
  }
  await worker.printed(/failed 1 the mail server is busy/)
  await worker.printed(/done \S+/)
  expect(worker.output().match(/contact of u_1 under [0-9a-f]{64}\/create contact/g)?.length).toBe(
    1,
  )
  expect(worker.output().match(/welcome to contact-u_1/g)?.length).toBe(1)
  expect(http.output().match(/queued|repeated/g)).toEqual(['queued', 'repeated'])
})

test('the example behind Express takes what Logto signed, and nothing else', async () => {
  const { app } = await import('./express.mjs')
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  expect((await fetch(url, signed(newBody()))).status).toBe(202)
  expect((await fetch(url, { method: 'POST', body: newBody() })).status).toBe(401)
  server.close().closeAllConnections()
})

test('the example behind fastify takes what Logto signed, and nothing else', async () => {
  const { app } = await import('./fastify.mjs')
  const url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/hook`
  expect((await fetch(url, signed(newBody()))).status).toBe(202)
  expect((await fetch(url, { method: 'POST', body: newBody() })).status).toBe(401)
  await app.close()
})

test('the example behind Hono takes what Logto signed, and nothing else', async () => {
  const { app } = await import('./hono.mjs')
  expect((await app.request('/hook', signed(newBody()))).status).toBe(202)
  expect((await app.request('/hook', { method: 'POST', body: newBody() })).status).toBe(401)
})
