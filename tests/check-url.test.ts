import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, faultsOfProblem } from './harness/client.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import { upTo } from './harness/wait.ts'

interface UrlCheck {
  readonly url: string
  readonly outcome: string
  readonly error?: string
  readonly timings: Record<string, number>
}

const PATH = '/v1/webhooks/check-url'
let posthorn: Posthorn
let client: Client
/** Notes what is sent to it, and answers nothing. */
let silent: Server
let heard = Buffer.alloc(0)
let connections = 0

beforeAll(async () => {
  posthorn = await startPosthorn({ workers: 0 })
  client = posthorn.client()
  silent = createServer((socket) => {
    connections += 1
    socket.on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes])
      if (bytes[0] === TLS_HANDSHAKE) socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
    socket.on('error', () => undefined)
  }).listen(0, '127.0.0.1')
  await once(silent, 'listening')
})
afterAll(async () => {
  silent?.close()
  await posthorn?.stop()
})

const TLS_HANDSHAKE = 22
const port = () => (silent.address() as AddressInfo).port
const check = (url: string, tenant = posthorn.tenant('checks').name) =>
  client.post<UrlCheck>(200, PATH, { url, tenant })

describe('a check of a URL', () => {
  test('makes the connection that an attempt would make, and sends nothing', async () => {
    const before = connections
    const result = await check(`http://127.0.0.1:${port()}/hooks?a=1`)
    expect(result).toEqual({
      url: `http://127.0.0.1:${port()}/hooks?a=1`,
      outcome: 'success',
      timings: { connectMs: expect.any(Number) },
    })
    expect([connections - before, heard.length]).toEqual([1, 0])
  })

  test.each([
    ['http://no-such-host.invalid/', 'dns', /could not be resolved/, ['dnsMs']],
    ['http://127.0.0.1:1/', 'connect', /refused/, ['connectMs']],
    ['https://127.0.0.1:PORT/', 'tls', /TLS failed/, ['connectMs', 'tlsMs']],
  ])('of %s says that it ends at %s, and what came before', async (url, outcome, error, stages) => {
    const result = await check(url.replace('PORT', String(port())))
    expect(result).toMatchObject({ outcome, error: expect.stringMatching(error) })
    expect(Object.keys(result.timings)).toEqual(stages)
  })

  test.each([
    'ftp://example.com/',
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/',
    'http://user:pass@example.com/',
  ])('of %s is refused as it would be when it is saved', async (url) => {
    const answer = await client.call<{ errors: { path: string }[] }>('POST', PATH, {
      body: { url },
    })
    expect(faultsOfProblem(answer, 422)).toEqual([])
    expect(answer.body.errors[0]?.path).toBe('url')
  })

  test('is allowed 20 times a minute, for each tenant by itself', async () => {
    const [one, other] = [posthorn.tenant('eager').name, posthorn.tenant('calm').name]
    const url = `http://127.0.0.1:${port()}/`
    for (const _ of upTo(20)) await check(url, one)
    const answer = await client.call('POST', PATH, { body: { url, tenant: one } })
    expect(faultsOfProblem(answer, 429)).toEqual([])
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect((await check(url, other)).outcome).toBe('success')
  })
})
