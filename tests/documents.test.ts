import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from './harness/client.ts'
import { faultsOfDocument, type OpenApi } from './harness/open-api.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import { SIGN_IN } from './harness/route-table.ts'

let posthorn: Posthorn
let client: Client

beforeAll(async () => {
  posthorn = await startPosthorn()
  client = posthorn.client()
})
afterAll(() => posthorn?.stop())

describe('an idle process', () => {
  test('takes 150 MB at most', () => {
    for (const { kind, pid } of posthorn.services) {
      const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      expect(Number(resident) / 1_000, kind).toBeLessThanOrEqual(150)
    }
  })
})

describe('/openapi.json', () => {
  test('is a valid OpenAPI 3.1 document', async () => {
    const document = await client.get<OpenApi>('/openapi.json')
    expect(faultsOfDocument(document)).toEqual([])
  })

  test('says of each route with a key that it wants one, and which problems it answers', async () => {
    const document = await client.get<OpenApi>('/openapi.json')
    const operations = Object.entries(document.paths)
      .filter(([path]) => path.startsWith('/v1/'))
      .flatMap(([path, item]) =>
        Object.entries(item).map(([method, each]) => ({ path, method, each })),
      )
      .filter(({ path, method }) => path !== SIGN_IN || method !== 'post')
      .filter(({ method }) => ['get', 'post', 'patch', 'delete'].includes(method))
    expect(operations.length).toBeGreaterThan(30)
    for (const { path, method, each } of operations) {
      const codes = Object.keys(each.responses ?? {})
      expect(
        codes.some((code) => code.startsWith('2')),
        `${method} ${path}`,
      ).toBe(true)
      expect(
        codes.some((code) => code.startsWith('4') || code === 'default'),
        path,
      ).toBe(true)
      expect((each.security ?? document.security)?.length, path).toBeGreaterThan(0)
    }
  })
})

describe.each(['/docs', '/'])('the page %s', (path) => {
  async function page(): Promise<{ html: string; policy: string; base: string }> {
    let at = path
    for (let hops = 0; hops < 3; hops++) {
      const answer = await client.call('GET', at, { key: null })
      const location = answer.headers.location
      if (typeof location !== 'string') {
        expect(answer.status).toBe(200)
        expect(answer.headers['content-type']).toMatch(/^text\/html/)
        const policy = String(answer.headers['content-security-policy'])
        return { html: answer.text, policy, base: at }
      }
      at = new URL(location, client.url + at).pathname
    }
    throw new Error(`${path} redirects for ever`)
  }

  test('has a strict content security policy', async () => {
    const { policy } = await page()
    expect(policy).toMatch(/default-src '(none|self)'/)
    expect(policy).not.toContain('unsafe-eval')
    expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/)
    expect(policy).not.toMatch(/https?:/)
    expect(policy).not.toMatch(/(^|[\s;])\*/)
  })

  test('refers to nothing of a third party, and all that it loads is there', async () => {
    const { html, base } = await page()
    const loaded = [
      ...html.matchAll(/<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)="([^"]+)"/g),
    ]
    for (const [, reference] of loaded) {
      const url = new URL(reference ?? '', client.url + base)
      if (url.protocol === 'data:') continue
      expect(url.origin).toBe(client.url)
      const answer = await client.call('GET', url.pathname + url.search, { key: null })
      expect(answer.status, url.pathname).toBe(200)
      expect(answer.text.length).toBeGreaterThan(0)
    }
  })

  test('runs no script that stands in the page itself unless the policy names it', async () => {
    const { html, policy } = await page()
    const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([^<]*)</g)].filter(([, code]) =>
      code?.trim(),
    )
    if (inline.length > 0) expect(policy).toMatch(/script-src[^;]*'(nonce|sha256)-/)
    expect(html).not.toMatch(/\son(click|load|error|submit)=/)
  })
})

describe('/healthz and /readyz', () => {
  test('answer 200 on the API and on the worker', async () => {
    for (const { url } of posthorn.services) {
      for (const path of ['/healthz', '/readyz', '/metrics']) {
        const response = await fetch(url + path)
        expect(response.status, url + path).toBe(200)
        await response.text()
      }
    }
  })
})

describe('what the documents call', () => {
  const root = fileURLToPath(new URL('../', import.meta.url))

  /** `POST /v1/…` in the text, and the path of each curl. Variables and `{id}` stand for any one part. */
  function callsIn(text: string): string[] {
    const found = text.matchAll(/(?:GET|POST|PATCH|DELETE|\$API|:3000) ?(\/v1[\w/{}$-]*)/g)
    return [...found].map(([, path = '']) => path.replaceAll(/\$\w+|\{\w+\}/g, '{}'))
  }

  test('is a path of the API', async () => {
    const { paths } = await client.get<OpenApi>('/openapi.json')
    const known = new Set(Object.keys(paths).map((path) => path.replaceAll(/\{\w+\}/g, '{}')))
    const documents = globSync('{README.md,docs/**/*.md}', { cwd: root })
    const calls = documents.flatMap((file) => callsIn(readFileSync(root + file, 'utf8')))
    expect(calls.length).toBeGreaterThan(15)
    expect(calls.filter((path) => !known.has(path))).toEqual([])
  })
})
