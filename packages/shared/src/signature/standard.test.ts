import { createHmac, randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { generateSecret, signingKey } from './secret.ts'
import { sign, verify } from './standard.ts'

// The vector of the Standard Webhooks suites (libraries/*/tests: "sign function works").
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
const TIMESTAMP = 1_614_265_330
const BODY = Buffer.from('{"test": 2432232314}')
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='

const vector = (headers: Record<string, string | undefined> = {}) => ({
  headers: {
    'webhook-id': ID,
    'webhook-timestamp': `${TIMESTAMP}`,
    'webhook-signature': SIGNATURE,
    ...headers,
  },
  rawBody: BODY,
  secrets: [SECRET],
  nowMs: TIMESTAMP * 1000,
})

test('the published vector is signed and verified', () => {
  expect(sign(ID, TIMESTAMP, BODY, [signingKey(SECRET)])).toBe(SIGNATURE)
  expect(verify(vector())).toEqual({ ok: true })
})

test('each live secret signs, newest first, separated by a space', () => {
  const secrets = [generateSecret(), SECRET, generateSecret()]
  const header = sign(ID, TIMESTAMP, BODY, secrets.map(signingKey))
  expect(header.split(' ').length).toBe(3)
  expect(header.split(' ')[1]).toBe(SIGNATURE)
  for (const secret of secrets) {
    const input = { ...vector({ 'webhook-signature': header }), secrets: [secret] }
    expect(verify(input)).toEqual({ ok: true })
  }
})

test('the library `standardwebhooks` verifies by any one of the secrets that signed', () => {
  const now = Math.floor(Date.now() / 1000)
  const secrets = [generateSecret(), generateSecret()]
  const headers = {
    'webhook-id': ID,
    'webhook-timestamp': `${now}`,
    'webhook-signature': sign(ID, now, BODY, secrets.map(signingKey)),
  }
  for (const secret of secrets) {
    expect(new Webhook(secret).verify(BODY, headers)).toEqual(JSON.parse(BODY.toString()))
  }
})

test('we verify what the library `standardwebhooks` signs', () => {
  for (let i = 0; i < 500; i++) {
    const secret = generateSecret()
    const body = randomBytes(i).toString('base64')
    const at = new Date()
    const headers = {
      'webhook-id': `msg_${i}`,
      'webhook-timestamp': `${Math.floor(at.getTime() / 1000)}`,
      'webhook-signature': new Webhook(secret).sign(`msg_${i}`, at, body),
    }
    expect(verify({ headers, rawBody: Buffer.from(body), secrets: [secret] })).toEqual({ ok: true })
  }
})

test('a body that is not UTF-8 is signed as the bytes it is', () => {
  const body = Buffer.from([0xff, 0xfe, 0x00, 0x80])
  const signed = Buffer.concat([Buffer.from(`${ID}.${TIMESTAMP}.`), body])
  const key = signingKey(SECRET)
  const expected = createHmac('sha256', key).update(signed).digest('base64')
  expect(sign(ID, TIMESTAMP, body, [key])).toBe(`v1,${expected}`)
})

test.each<[string, Parameters<typeof verify>[0], string]>([
  ['no id', vector({ 'webhook-id': undefined }), 'missing'],
  ['no timestamp', vector({ 'webhook-timestamp': undefined }), 'missing'],
  ['an empty signature', vector({ 'webhook-signature': '' }), 'missing'],
  ['a timestamp that is none', vector({ 'webhook-timestamp': 'now' }), 'malformed'],
  [
    'a signature of another version',
    vector({ 'webhook-signature': SIGNATURE.replace('v1', 'v2') }),
    'mismatch',
  ],
  [
    'a signature without a version',
    vector({ 'webhook-signature': SIGNATURE.slice(3) }),
    'mismatch',
  ],
  ['a shortened signature', vector({ 'webhook-signature': SIGNATURE.slice(0, -1) }), 'mismatch'],
  ['another id', vector({ 'webhook-id': 'msg_x' }), 'mismatch'],
  ['another body', { ...vector(), rawBody: Buffer.from('{}') }, 'mismatch'],
  ['another secret', { ...vector(), secrets: [generateSecret()] }, 'mismatch'],
  ['no secret', { ...vector(), secrets: [] }, 'mismatch'],
  ['a request of 301 s ago', { ...vector(), nowMs: (TIMESTAMP + 301) * 1000 }, 'too_old'],
  ['a request from 301 s ahead', { ...vector(), nowMs: (TIMESTAMP - 301) * 1000 }, 'too_new'],
])('%s is refused', (_name, input, fault) => {
  expect(verify(input)).toEqual({ ok: false, fault })
})

test('one good signature among others is enough', () => {
  const header = `v1,AAAA v2,x ${SIGNATURE} nonsense`
  expect(verify(vector({ 'webhook-signature': header }))).toEqual({ ok: true })
})
