import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib'
import { createLogger } from '@posthorn/shared/runtime/log.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Authenticator } from '../http/authenticate.ts'
import { createListener } from '../http/listener.ts'
import { route } from '../http/route.ts'
import { createHttpServer } from '../http/server.ts'
import { dashboard } from './files.ts'

const PAGE =
  '<!doctype html><div id="root"></div><script type="module" src="/assets/index-a1b2.js">'
const PORTAL_PAGE = '<!doctype html><title>Webhooks</title>'
const ORIGINS = ['https://app.example.com', 'http://localhost:8080']
const SCRIPT = `console.log(${JSON.stringify('x'.repeat(2_000))})`
const folder = mkdtempSync(join(tmpdir(), 'posthorn-dashboard-'))

const own = (path: string) =>
  route({
    method: 'GET',
    path,
    summary: path,
    tag: 'Test',
    role: 'public',
    responses: { 200: { description: 'Ours' } },
    handle: async () => ({ status: 200, body: { own: path } }),
  })
const RESERVED = ['/v1/stats', '/docs', '/openapi.json', '/metrics', '/healthz', '/readyz']
const routes = ['/', ...RESERVED].map(own)
const silent = createLogger('test', { logLevel: 'silent' })
const authenticator = new Authenticator('root', { find: () => undefined })
const server = createHttpServer(
  createListener({ routes, authenticator, log: silent, dashboard: dashboard(folder, ORIGINS) }),
)

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

/** Sends the path as it is: `fetch` would tidy it. */
async function call(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { port } = server.address() as AddressInfo
  const request = get({ port, host: '127.0.0.1', path, headers, method, agent: false })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}

function build(): void {
  mkdirSync(join(folder, 'assets'), { recursive: true })
  for (const name of ['v1', 'docs', 'metrics']) writeFileSync(join(folder, `${name}.txt`), name)
  writeFileSync(join(folder, 'index.html'), PAGE)
  writeFileSync(join(folder, 'index.html.br'), brotliCompressSync(PAGE))
  writeFileSync(join(folder, 'portal.html'), PORTAL_PAGE)
  writeFileSync(join(folder, '.stamp'), 'secret')
  const script = join(folder, 'assets/index-a1b2.js')
  writeFileSync(script, SCRIPT)
  writeFileSync(`${script}.gz`, gzipSync(SCRIPT))
}

test('without a build the routes answer alone, and a build is served without a restart', async () => {
  expect(await text(await call('/', BROWSER))).toBe('{"own":"/"}')
  expect((await call('/webhooks', BROWSER)).statusCode).toBe(404)
  build()
  expect(await text(await call('/'))).toBe(PAGE)
})

describe('once it is built', () => {
  beforeAll(build)

  test.each(['/webhooks', '/webhooks/wh_1?window=24h', '/event-types/user.created', '/a/b/'])(
    'the page %s of the dashboard is answered with its index',
    async (path) => {
      const response = await call(path, BROWSER)
      expect([response.statusCode, await text(response)]).toEqual([200, PAGE])
    },
  )

  test('the index is checked with each visit and allows nothing inline and nothing foreign', async () => {
    const { headers } = await call('/', BROWSER)
    expect(headers['cache-control']).toBe('no-cache')
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(headers['x-content-type-options']).toBe('nosniff')
    const policy = headers['content-security-policy'] ?? ''
    expect(policy).toMatch(/^default-src 'none';.*script-src 'self';.*frame-ancestors 'none'/)
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    const again = await call('/', { ...BROWSER, 'if-none-match': String(headers.etag) })
    expect(again.statusCode).toBe(304)
  })

  test.each(['/portal', '/portal/', '/portal/webhooks/wh_1?tab=settings'])(
    '%s is the portal, which pages of the configured origins may frame, and no others',
    async (path) => {
      const { headers, statusCode } = await call(path, BROWSER)
      expect(statusCode).toBe(200)
      const policy = headers['content-security-policy'] ?? ''
      expect(policy).toMatch(/frame-ancestors https:\/\/app\.example\.com http:\/\/localhost:8080$/)
      expect(policy).toMatch(/^default-src 'none';/)
      expect(policy).not.toMatch(/unsafe|\*/)
      expect(await text(await call(path, BROWSER))).toBe(PORTAL_PAGE)
    },
  )

  test.each(['/', '/webhooks', '/portals', '/a/portal', '/index.html'])(
    '%s can be framed by nobody',
    async (path) => {
      const { headers } = await call(path, BROWSER)
      expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'$/)
    },
  )

  test('files with a hash in their names are kept by browsers for good', async () => {
    const response = await call('/assets/index-a1b2.js')
    expect(response.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(response.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(await text(response)).toBe(SCRIPT)
  })

  test.each([
    ['/', 'gzip, deflate, br', 'br'],
    ['/webhooks', 'br;q=1.0', 'br'],
    ['/', 'gzip', undefined], // No such copy.
    ['/assets/index-a1b2.js', 'gzip, br', 'gzip'],
    ['/assets/index-a1b2.js', 'gzip;q=0', undefined],
  ])('%s for a browser that takes "%s" is sent as %s', async (path, accepted, sent) => {
    const { headers, statusCode } = await call(path, { ...BROWSER, 'accept-encoding': accepted })
    expect([statusCode, headers['content-encoding'], headers.vary]).toEqual([
      200,
      sent,
      'accept-encoding',
    ])
  })

  test('a compressed copy is the same page, under its own type', async () => {
    const response = await call('/', { 'accept-encoding': 'br' })
    expect(brotliDecompressSync(await buffer(response)).toString()).toBe(PAGE)
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8')
  })

  test.each(RESERVED)('%s stays the API’s, also for a browser', async (path) => {
    expect(await text(await call(path, BROWSER))).toBe(JSON.stringify({ own: path }))
  })

  test.each([
    '/v1/nothing',
    '/v1',
    '/docs/nothing',
    '/in/src_1',
    '/dev/receiver',
    '/healthz/x',
    '/problems/x',
    '/assets/index-old.js',
  ])('%s is a problem, never a page', async (path) => {
    const response = await call(path, BROWSER)
    expect(response.statusCode).toBe(404)
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/)
  })

  test.each([
    '/.stamp',
    '/../package.json',
    '/assets/../.stamp',
    '/%2e%2e/x',
    '/assets/%2e%2e/.stamp',
  ])('nothing but what was built is read: %s', async (path) => {
    const response = await call(path)
    expect([response.statusCode, await text(response)]).toEqual([
      404,
      expect.stringContaining('unknown_route'),
    ])
  })

  test('programs that ask for an unknown address get a problem, not a page', async () => {
    expect((await call('/webhooks', { accept: '*/*' })).statusCode).toBe(404)
    expect((await call('/webhooks', BROWSER, 'POST')).statusCode).toBe(404)
    expect((await call('/webhooks', BROWSER, 'HEAD')).statusCode).toBe(200)
  })
})
