import { describe, expect, test } from 'vitest'
import { encode, standardBody } from './encode.ts'
import { FORMATS, type Format } from './format.ts'

const WH = 'wh_01JDC7M5T5G3X9N8K2QRSTVWXY'
/** A number that no parser keeps, and spaces that none writes. */
const DATA = ' { "n" : 12345678901234567890 , "f": 1.0 } '

const eventOf = (data: string) => ({
  id: 'evt_1',
  tenant: 'acme',
  type: 'user.created',
  timestamp: '2026-01-02T03:04:05.678Z',
  data: Buffer.from(data),
})

function encoded(format: Format, data = DATA) {
  const event = eventOf(data)
  const { body, contentType, headers } = encode(format, event, WH, standardBody(event))
  return { text: body.toString(), contentType, headers }
}

test('standard is type, timestamp and data, which is the bytes that were published', () => {
  expect(encoded('standard')).toEqual({
    text: `{"type":"user.created","timestamp":"2026-01-02T03:04:05.678Z","data":${DATA}}`,
    contentType: 'application/json',
    headers: [],
  })
})

test.each([
  '{"b":1,"a":1.0,"c":1e400,"d":12345678901234567890}',
  ' [ 1 , 2 ] ',
  'null',
  '"\\u0041\\ud800"',
  '{"a":1,"a":2}',
])('data is sent as the bytes it came in: %s', (data) => {
  expect(encoded('standard', data).text.endsWith(`,"data":${data}}`)).toBe(true)
})

test('data that is not UTF-8 is not mended', () => {
  const event = { ...eventOf(''), data: Buffer.from([0x22, 0xff, 0xfe, 0x22]) }
  const standard = standardBody(event)
  for (const format of FORMATS) {
    expect(encode(format, event, WH, standard).body.includes(event.data)).toBe(true)
  }
})

test('raw is the bytes that were published, and nothing else', () => {
  expect(encoded('raw')).toEqual({ text: DATA, contentType: 'application/json', headers: [] })
})

test('a structured CloudEvent has its attributes beside the bytes of the data', () => {
  const { text, contentType, headers } = encoded('cloudevents')
  expect(contentType).toBe('application/cloudevents+json; charset=utf-8')
  expect(headers).toEqual([])
  expect(text.endsWith(`,"data":${DATA}}`)).toBe(true)
  const { data: _, ...attributes } = JSON.parse(text)
  expect(attributes).toEqual({
    specversion: '1.0',
    id: 'evt_1',
    source: '/tenants/acme',
    type: 'user.created',
    time: '2026-01-02T03:04:05.678Z',
    datacontenttype: 'application/json',
  })
})

test('a binary CloudEvent has its attributes in headers', () => {
  expect(encoded('cloudevents-binary')).toEqual({
    text: DATA,
    contentType: 'application/json',
    headers: [
      ...['ce-specversion', '1.0', 'ce-id', 'evt_1', 'ce-source', '/tenants/acme'],
      ...['ce-type', 'user.created', 'ce-time', '2026-01-02T03:04:05.678Z'],
    ],
  })
})

describe('as Logto sends it', () => {
  const head = `{"hookId":"${WH}","event":"user.created","createdAt":"2026-01-02T03:04:05.678Z"`

  test.each([
    ['an object', '{ "user": {"id": 1.0} }', `${head}, "user": {"id": 1.0} }`],
    ['an empty object', ' { } ', `${head} } `],
    ['a list', '[1,2]', `${head},"data":[1,2]}`],
    ['a text', '"{"', `${head},"data":"{"}`],
    ['an object that names no event', '{"event":7}', `${head},"event":7}`],
  ])('%s', (_what, data, expected) => {
    const { text } = encoded('logto', data)
    expect(text).toBe(expected)
    expect(() => JSON.parse(text)).not.toThrow()
  })

  test('what Logto sent goes out as the bytes that came in', () => {
    const sent = '{"event":"PostSignIn","createdAt":"2024","hookId":"h", "n":1.0}'
    expect(encoded('logto', sent).text).toBe(sent)
  })
})
