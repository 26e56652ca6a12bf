import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Call, ROOT, startThings, type Things } from '../testing/things.ts'

let things: Things

beforeAll(async () => {
  things = await startThings()
})
afterAll(() => things.stop())

const call = (path: string, how?: Call) => things.call(path, how)
const post = (body: string | Uint8Array, how?: Call) => things.post(body, how)

describe('bad input', () => {
  it.each<[string, string | Uint8Array, Call, number, string]>([
    ['malformed JSON', '{"name":', {}, 400, 'malformed_json'],
    [
      'an empty body',
      '',
      { headers: { 'content-type': 'application/json' } },
      400,
      'malformed_json',
    ],
    ['invalid UTF-8', new Uint8Array([0x22, 0xff, 0x22]), {}, 400, 'malformed_json'],
    ['deep nesting', '['.repeat(450) + ']'.repeat(450), {}, 400, 'malformed_json'],
    [
      'another media type',
      'name=a',
      { headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    [
      'another charset',
      '{}',
      { headers: { 'content-type': 'application/json; charset=latin1' } },
      415,
      'unsupported_media_type',
    ],
    [
      'compression',
      '{}',
      { headers: { 'content-encoding': 'gzip' } },
      415,
      'unsupported_media_type',
    ],
    ['too many bytes', `{"name": "${'x'.repeat(1_000)}"}`, {}, 413, 'payload_too_large'],
    ['an unknown field', '{"name": "a", "nmae": "b"}', {}, 422, 'invalid_input'],
    ['__proto__', '{"name": "a", "__proto__": {"x": 1}}', {}, 422, 'invalid_input'],
    ['no object', 'null', {}, 422, 'invalid_input'],
  ])('%s is refused', async (_, body, more, status, code) => {
    const answer = await post(body, more)
    expect([answer.status, answer.json?.code]).toEqual([status, code])
  })

  it('names each wrong place', async () => {
    const { json } = await post('{"name": 1, "nmae": "b"}')
    expect(json?.errors).toEqual([
      { path: 'name', message: expect.any(String) },
      { path: 'nmae', message: 'Unknown field' },
    ])
  })

  it.each([
    'limit=0',
    'limit=251',
    'limit=1.5',
    'limit=',
    'limit=1&limit=2',
    'color=red',
    '__proto__=1',
  ])('query ?%s is 422', async (query) => {
    const { status, json } = await call(`/v1/things?${query}`)
    expect([status, json?.code]).toEqual([422, 'invalid_query'])
  })

  it('a path that cannot be decoded is 400, an id that cannot exist 404', async () => {
    expect((await call('/v1/things/%ff')).status).toBe(400)
    expect((await call('/v1/things/nonsense')).json?.code).toBe('not_found')
  })

  it('a wrong method is 405 and says which ones are right', async () => {
    const { status, headers } = await call('/v1/things', { method: 'DELETE' })
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
    expect((await call('/v1/lean')).headers.get('allow')).toBe('POST')
  })

  it('garbage instead of HTTP gets a problem and a closed connection', async () => {
    const socket = connect(things.port, '127.0.0.1')
    const answer = await new Promise<string>((resolve, reject) => {
      let text = ''
      socket
        .on('data', (chunk) => (text += chunk))
        .on('end', () => resolve(text))
        .on('error', reject)
      socket.write('\x16\x03\x01 hello\r\n\r\n')
    })
    expect(answer).toContain('HTTP/1.1 400')
    expect(answer).toContain('malformed_request')
  })
})

describe('a body', () => {
  it('may be left out only where the route says so', async () => {
    expect((await call('/v1/things/thing_1/poke', { method: 'POST' })).json).toEqual({})
    expect((await call('/v1/things', { method: 'POST' })).status).toBe(400)
  })

  it('cut short does no harm', async () => {
    const socket = connect(things.port, '127.0.0.1')
    socket.write(
      `POST /v1/things HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ROOT}\r\n` +
        'content-type: application/json\r\ncontent-length: 100\r\n\r\n{"na',
    )
    await once(things.server, 'request')
    socket.destroy()
    await expect.poll(() => things.lines.some((line) => line.fields.aborted)).toBe(true)
    expect((await call('/v1/things')).status).toBe(200)
  })
})
