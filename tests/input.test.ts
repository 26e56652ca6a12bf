import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type CallOptions, type Client, faultsOfProblem } from './harness/client.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import { rawExchange } from './harness/raw-request.ts'
import type { Problem } from './harness/shapes.ts'

let posthorn: Posthorn
let client: Client
let pid: number

beforeAll(async () => {
  posthorn = await startPosthorn()
  client = posthorn.client()
  pid = posthorn.apis[0]?.pid ?? 0
})
afterEach(() => {
  expect(posthorn.apis[0]?.running && posthorn.apis[0].pid).toBe(pid)
})
afterAll(() => posthorn?.stop())

async function publish(options: CallOptions, status: number): Promise<Problem> {
  const answer = await client.call<Problem>('POST', '/v1/events', options)
  expect(faultsOfProblem(answer, status)).toEqual([])
  return answer.body
}

const valid = { type: 'user.created', data: {} }

describe('an event with wrong content is 422, and the field is named', () => {
  const wrong: [string, Record<string, unknown>][] = [
    ...['a.b', 'a:b', '', 'x'.repeat(65), 'a b', 'ä', 'a/b', '../x', 'a\n', 5, null, {}].map(
      (id): [string, Record<string, unknown>] => ['id', { id }],
    ),
    ...['', '.', 'a.', '.a', 'a..b', 'a b', 'user.*', '*', 'ü', `a${'.b'.repeat(64)}`, 5, null].map(
      (type): [string, Record<string, unknown>] => ['type', { type }],
    ),
    ...['', 'a b', 'a.b', 'a:b', 'x'.repeat(65), '{a}', 7].map(
      (tenant): [string, Record<string, unknown>] => ['tenant', { tenant }],
    ),
    ...['yesterday', '2026-13-01T00:00:00Z', '2026-01-01', 1_700_000_000, ''].map(
      (timestamp): [string, Record<string, unknown>] => ['timestamp', { timestamp }],
    ),
    ['labels', { labels: [] }],
    ['labels', { labels: { a: 1 } }],
    ['labels', { labels: 'x' }],
    ['extra', { extra: true }],
    ['Type', { Type: 'a' }],
  ]
  test.each(wrong)('%s: %j', async (field, change) => {
    const problem = await publish({ body: { ...valid, ...change } }, 422)
    expect(JSON.stringify(problem.errors)).toContain(field)
  })

  test('a missing type or data', async () => {
    const noType = await publish({ body: { data: 1 } }, 422)
    expect(JSON.stringify(noType.errors)).toContain('type')
    const noData = await publish({ body: { type: 'a' } }, 422)
    expect(JSON.stringify(noData.errors)).toContain('data')
  })

  test.each(['[]', '"text"', '5', 'null', 'true'])('a body that is %s', async (raw) => {
    await publish({ raw }, 422)
  })

  test('__proto__ at the top is an unknown field and pollutes nothing', async () => {
    await publish({ raw: '{"type":"a","data":1,"__proto__":{"tenant":"x"}}' }, 422)
    await publish({ raw: '{"type":"a","data":1,"constructor":{"prototype":{}}}' }, 422)
    const nested = '{"type":"a.b","data":{"__proto__":{"polluted":true}}}'
    await client.need(202, 'POST', '/v1/events', { raw: nested })
    await client.need(202, 'POST', '/v1/events', { body: valid })
  })
})

describe('an id of only digits', () => {
  test('is kept as given, whatever a queue thinks of such names', async () => {
    for (const id of ['123', '0', '-', '_', '__proto__', 'constructor', 'x'.repeat(64)]) {
      const { id: kept } = await client.post<{ id: string }>(202, '/v1/events', { ...valid, id })
      expect(kept).toBe(id)
      expect(await client.get(`/v1/events/${id}`)).toMatchObject({ id })
    }
  })
})

describe('a body that is not JSON is 400', () => {
  const broken: [string, string | Buffer][] = [
    ['empty', ''],
    ['cut off', '{"type":"a","data":'],
    ['with a trailing comma', '{"type":"a","data":1,}'],
    ['with single quotes', "{'type':'a','data':1}"],
    ['with a comment', '{"type":"a",/* x */"data":1}'],
    ['with NaN', '{"type":"a","data":NaN}'],
    ['with a leading zero', '{"type":"a","data":01}'],
    ['with a bare control character', '{"type":"a","data":"\u0001"}'],
    ['with a bad escape', String.raw`{"type":"a","data":"\x41"}`],
    ['with two values', '{"type":"a","data":1}{}'],
    ['with text after it', '{"type":"a","data":1} x'],
    ['with invalid UTF-8', Buffer.from('{"type":"a","data":"\xff\xfe"}', 'latin1')],
    ['with a cut UTF-8 sequence', Buffer.from('{"type":"a","data":"\xe2\x82"}', 'latin1')],
    ['with overlong UTF-8', Buffer.from('{"type":"a","data":"\xc0\xaf"}', 'latin1')],
    ['with an encoded surrogate', Buffer.from('{"type":"a","data":"\xed\xa0\x80"}', 'latin1')],
    ['with a top-level key twice', '{"type":"a","data":1,"data":2}'],
    ['with the type twice', '{"type":"a","type":"a","data":1}'],
    ['with an escaped key twice', String.raw`{"type":"a","data":1,"\u0064ata":2}`],
    ['of UTF-16', Buffer.from('{"type":"a","data":1}', 'utf16le')],
    ['of binary', Buffer.from([0x1f, 0x8b, 0x08, 0x00])],
  ]
  test.each(broken)('%s', async (_name, raw) => {
    await publish({ raw }, 400)
  })

  test('nested a hundred thousand deep: an answer, and the process lives', async () => {
    const deep = 100_000
    const raw = `{"type":"a","data":${'['.repeat(deep)}${']'.repeat(deep)}}`
    const { status } = await client.call('POST', '/v1/events', { raw })
    expect([202, 400, 422]).toContain(status)
    await publish({ raw: `{"type":"a","data":${'{"a":'.repeat(40_000)}` }, 400)
    await client.need(202, 'POST', '/v1/events', { body: valid })
  })
})

describe('a wrong media type is 415', () => {
  const types = ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'json', '']
  test.each([...types, 'application/json; charset=utf-16', 'multipart/form-data'])(
    '%s',
    async (contentType) => {
      const answer = await client.call('POST', '/v1/events', {
        raw: JSON.stringify(valid),
        contentType,
      })
      expect(faultsOfProblem(answer, 415)).toEqual([])
    },
  )

  test('but charset=utf-8 and capitals are fine', async () => {
    for (const contentType of [
      'application/json; charset=utf-8',
      'Application/JSON;Charset=UTF-8',
    ]) {
      const raw = JSON.stringify(valid)
      await client.need(202, 'POST', '/v1/events', { raw, contentType })
    }
  })

  test('on every route that takes a body, and for a compressed one', async () => {
    for (const path of [
      '/v1/events/batch',
      '/v1/webhooks',
      '/v1/api-keys',
      '/v1/dead-letters/redrive',
    ]) {
      const answer = await client.call('POST', path, { raw: '<a/>', contentType: 'text/xml' })
      expect(faultsOfProblem(answer, 415), path).toEqual([])
    }
    const headers = { 'content-encoding': 'gzip' }
    const raw = JSON.stringify(valid)
    const answer = await client.call('POST', '/v1/events', { raw, headers })
    expect(faultsOfProblem(answer, 415)).toEqual([])
  })
})

describe('too much is 413', () => {
  test('data one byte over the limit', async () => {
    await publish({ body: { ...valid, data: 'x'.repeat(262_143) } }, 413)
  })

  test('a body of 64 MB, without taking it all in', async () => {
    await publish({ body: { ...valid, data: 'x'.repeat(1_000_000) } }, 413)
    const answer = await rawExchange(posthorn.apis[0]?.port ?? 0, [
      `POST /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${posthorn.key}\r\n`,
      'content-type: application/json\r\ncontent-length: 67108864\r\n\r\n{"type":"a","data":"',
    ])
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })

  test('other bodies as well', async () => {
    const body = { url: 'http://127.0.0.1/', eventTypes: ['*'], description: 'x'.repeat(2_000_000) }
    const answer = await client.call('POST', '/v1/webhooks', { body })
    expect([413, 422]).toContain(answer.status)
    expect(faultsOfProblem(answer, answer.status)).toEqual([])
  })
})

describe('a connection that ends in the middle of its body', () => {
  test('takes nothing and harms nothing', async () => {
    const id = 'half-a-body'
    await rawExchange(
      posthorn.apis[0]?.port ?? 0,
      [
        `POST /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${posthorn.key}\r\n`,
        `content-type: application/json\r\ncontent-length: 500\r\n\r\n{"id":"${id}","type":"a","data":`,
      ],
      { hangUp: true },
    )
    await client.need(202, 'POST', '/v1/events', { body: valid })
    await client.need(404, 'GET', `/v1/events/${id}`)
  })

  test('garbage instead of HTTP is answered with 400', async () => {
    const port = posthorn.apis[0]?.port ?? 0
    expect(await rawExchange(port, ['\u0000\u0001garbage\r\n\r\n'])).toMatch(/^HTTP\/1\.1 400 /)
    const long = `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(100_000)}\r\n\r\n`
    expect(await rawExchange(port, [long])).toMatch(/^HTTP\/1\.1 (431|400) /)
  })
})

describe('every answer', () => {
  test('of an error tells its own request id and no stack', async () => {
    const ids = new Set<string>()
    for (const path of ['/v1/nothing', '/v1/webhooks/wh_x', '/v1/events?limit=0']) {
      const answer = await client.call<Problem>('GET', path)
      ids.add(answer.body.requestId)
      expect(answer.text).not.toMatch(/node_modules|\.ts:\d+|at \w+ \(/)
    }
    expect(ids.size).toBe(3)
  })
})
