import { expect, test } from 'vitest'
import { standardBody } from '../format/encode.ts'
import { keyFor } from '../signature/secret-kind.ts'
import { verify } from '../signature/standard.ts'
import type { Recipient } from './request.ts'
import { buildRequest, maskedHeaders } from './request.ts'
import { VERSION } from './version.ts'

const NOW_MS = 1_700_000_000_999
const SECRETS = [
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDC2FVsBQI',
]

const event = {
  id: 'evt_1',
  tenant: 'acme',
  type: 'user.created',
  timestamp: '2025-11-24T08:00:00.000Z',
  data: Buffer.from('{"id":12345678901234567890}'),
}

const requestOf = (config: Recipient['config']) =>
  buildRequest({
    event,
    standardBody: standardBody(event),
    deliveryId: 'dlv_1',
    number: 3,
    webhook: {
      id: 'wh_1',
      config,
      signingKeys: (nowMs) =>
        nowMs === NOW_MS ? SECRETS.map((secret) => keyFor(secret, config.signature)) : [],
      headers: [['Authorization', 'Bearer hunter2']],
    },
    nowMs: NOW_MS,
  })

const { headers, body } = requestOf({})

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

test('a format brings its own content type and headers, which the log shows; a signature is masked', () => {
  const request = requestOf({ format: 'cloudevents-binary', signature: 'logto' })
  expect(request.body).toEqual(event.data)
  const masked = maskedHeaders(request.headers)
  expect(masked).toContainEqual(['content-type', 'application/json'])
  expect(masked).toContainEqual(['ce-type', 'user.created'])
  expect(masked).toContainEqual(['logto-signature-sha-256', '***'])
  expect(masked.map(([name]) => name)).not.toContain('webhook-signature')
})
