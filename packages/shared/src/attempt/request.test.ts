import { expect, test } from 'vitest'
import { signingKey } from '../signature/secret.ts'
import { verify } from '../signature/standard.ts'
import { buildHeaders, eventBody, maskedHeaders } from './request.ts'
import { VERSION } from './version.ts'

const NOW_MS = 1_700_000_000_999
const SECRETS = [
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDC2FVsBQI',
]

const body = eventBody({
  type: 'user.created',
  timestamp: '2025-11-24T08:00:00.000Z',
  data: Buffer.from('{"id":12345678901234567890}'),
})

const headers = buildHeaders({
  eventId: 'evt_1',
  type: 'user.created',
  deliveryId: 'dlv_1',
  number: 3,
  webhook: {
    signingKeys: (nowMs) => (nowMs === NOW_MS ? SECRETS.map(signingKey) : []),
    headers: [['Authorization', 'Bearer hunter2']],
  },
  nowMs: NOW_MS,
  body,
})

test.each([
  '{"b":1,"a":1.0,"c":1e400,"d":12345678901234567890}',
  ' [ 1 , 2 ] ',
  'null',
  '"\\u0041\\ud800"',
  '{"a":1,"a":2}',
])('data is sent as the bytes it came in: %s', (data) => {
  const sent = eventBody({
    type: 'a.b',
    timestamp: '2025-01-01T00:00:00.000Z',
    data: Buffer.from(data),
  })
  expect(sent.toString()).toBe(
    `{"type":"a.b","timestamp":"2025-01-01T00:00:00.000Z","data":${data}}`,
  )
})

test('data that is not UTF-8 is not mended', () => {
  const data = Buffer.from([0x22, 0xff, 0xfe, 0x22])
  const sent = eventBody({ type: 'a', timestamp: 't', data })
  expect(sent.includes(data)).toBe(true)
})

test('a request has the headers of the contract, then the webhook’s own', () => {
  const pairs = []
  for (let i = 0; i < headers.length; i += 2) pairs.push([headers[i], headers[i + 1]])
  expect(pairs).toEqual([
    ['content-type', 'application/json'],
    ['user-agent', `Posthorn/${VERSION}`],
    ['webhook-id', 'evt_1'],
    ['webhook-timestamp', '1700000000'],
    ['webhook-signature', expect.stringMatching(/^v1,\S{44} v1,\S{44}$/)],
    ['posthorn-event-type', 'user.created'],
    ['posthorn-delivery-id', 'dlv_1'],
    ['posthorn-attempt', '3'],
    ['Authorization', 'Bearer hunter2'],
  ])
})

test('each live secret verifies the request', () => {
  const received = Object.fromEntries(
    Array.from({ length: headers.length / 2 }, (_, i) => [headers[2 * i], headers[2 * i + 1]]),
  )
  for (const secret of SECRETS) {
    const input = { headers: received, rawBody: body, secrets: [secret], nowMs: NOW_MS }
    expect(verify(input)).toEqual({ ok: true })
  }
})

test('the attempt log shows neither signatures nor the values of the webhook’s own headers', () => {
  const masked = maskedHeaders(headers)
  expect(masked.map(([name]) => name)).toEqual(headers.filter((_, i) => i % 2 === 0))
  expect(masked).toContainEqual(['webhook-signature', 'v1,*** v1,***'])
  expect(masked).toContainEqual(['Authorization', '***'])
  expect(masked).toContainEqual(['webhook-id', 'evt_1'])
  expect(JSON.stringify(masked)).not.toContain('hunter2')
})
