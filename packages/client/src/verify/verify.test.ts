import { sign as ed25519, generateKeyPairSync } from 'node:crypto'
import { generateSecret, signingKey } from '@posthorn/shared/signature/secret.ts'
import { sign } from '@posthorn/shared/signature/standard.ts'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { SignatureError, verify } from './verify.ts'

const NOW_MS = 1_800_000_000_000
const ID = 'evt_1'
const BODY = '{"type":"user.created","timestamp":"2026-01-02T03:04:05.678Z","data":{"é":1.0}}'
const secret = generateSecret()

afterEach(() => vi.restoreAllMocks())

function requestAt(sentMs: number, secrets: readonly string[] = [secret]) {
  const timestamp = Math.floor(sentMs / 1_000)
  const signature = sign(ID, timestamp, Buffer.from(BODY), secrets.map(signingKey))
  return {
    'webhook-id': ID,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signature,
  }
}

const headers = requestAt(NOW_MS)
const options = { nowMs: NOW_MS }

async function faultOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (thrown) => thrown,
  )
  expect(error).toBeInstanceOf(SignatureError)
  return error.fault
}

describe('verify takes', () => {
  test.each([
    ['text', BODY],
    ['bytes', Buffer.from(BODY)],
    ['a buffer', new TextEncoder().encode(BODY).buffer],
  ])('what the worker signs, its body given as %s', async (_what, body) => {
    const { id, sentAt, json } = await verify(headers, body, secret, options)
    expect({ id, sentAt, json: json() }).toEqual({
      id: ID,
      sentAt: new Date(NOW_MS),
      json: JSON.parse(BODY),
    })
  })

  test('what the library standardwebhooks signs', async () => {
    const signature = new Webhook(secret).sign(ID, new Date(NOW_MS), BODY)
    await verify({ ...headers, 'webhook-signature': signature }, BODY, secret, options)
  })

  test('the vector of the Standard Webhooks suites', async () => {
    const vector = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    }
    const key = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    await verify(vector, '{"test": 2432232314}', key, { nowMs: 1_614_265_330_000 })
  })

  test('headers in any spelling, of the web platform and of Node', async () => {
    const upper = Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value])
    await verify(new Headers(headers), BODY, secret, options)
    await verify(Object.fromEntries(upper), BODY, secret, options)
  })

  test('either secret while it is rotated, on both sides', async () => {
    const next = generateSecret()
    const both = requestAt(NOW_MS, [next, secret])
    await verify(both, BODY, secret, options)
    await verify(both, BODY, next, options)
    await verify(headers, BODY, [next, secret], options)
  })

  test('v1a by a public key, beside a v1', async () => {
    const pair = generateKeyPairSync('ed25519')
    const bytes = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
    const key = `whpk_${bytes.toString('base64')}`
    const content = Buffer.from(`${ID}.${headers['webhook-timestamp']}.${BODY}`)
    const signature = `v1a,${ed25519(null, content, pair.privateKey).toString('base64')}`
    const asymmetric = {
      ...headers,
      'webhook-signature': `${headers['webhook-signature']} ${signature}`,
    }
    await verify(asymmetric, BODY, key, options)
    await verify(asymmetric, BODY, secret, options)
    expect(await faultOf(verify(asymmetric, `${BODY} `, key, options))).toBe('mismatch')
    expect(await faultOf(verify(headers, BODY, key, options))).toBe('mismatch')
  })

  test.each([-300, 300])('a request %i s from its clock', async (seconds) => {
    await verify(headers, BODY, secret, { nowMs: NOW_MS + seconds * 1_000 })
  })
})

describe('verify refuses', () => {
  const later = String(Number(headers['webhook-timestamp']) + 1)
  const without = (name: keyof typeof headers) => ({ ...headers, [name]: undefined })

  test.each([
    ['another body', headers, `${BODY} `, 'mismatch'],
    ['another id', { ...headers, 'webhook-id': 'evt_2' }, BODY, 'mismatch'],
    ['another time', { ...headers, 'webhook-timestamp': later }, BODY, 'mismatch'],
    ['an empty signature', { ...headers, 'webhook-signature': 'v1,' }, BODY, 'mismatch'],
    ['what is no base64', { ...headers, 'webhook-signature': 'v1,*' }, BODY, 'mismatch'],
    [
      'an unknown version',
      { ...headers, 'webhook-signature': headers['webhook-signature'].replace('v1', 'v2') },
      BODY,
      'mismatch',
    ],
    [
      'a v1 that calls itself v1a',
      { ...headers, 'webhook-signature': headers['webhook-signature'].replace('v1', 'v1a') },
      BODY,
      'mismatch',
    ],
    ['no id', without('webhook-id'), BODY, 'missing'],
    ['no time', without('webhook-timestamp'), BODY, 'missing'],
    ['no signature', without('webhook-signature'), BODY, 'missing'],
    ['two ids', { ...headers, 'Webhook-Id': 'evt_2' }, BODY, 'missing'],
    ['a time that is none', { ...headers, 'webhook-timestamp': 'NaN' }, BODY, 'malformed'],
    ['an empty time', { ...headers, 'webhook-timestamp': ' ' }, BODY, 'malformed'],
  ])('%s', async (_what, given, body, fault) => {
    expect(await faultOf(verify(given, body, secret, options))).toBe(fault)
  })

  test('another secret', async () => {
    expect(await faultOf(verify(headers, BODY, generateSecret(), options))).toBe('mismatch')
  })

  test.each([
    [301, 'too_old'],
    [-301, 'too_new'],
  ])('a request %i s from its clock as %s', async (seconds, fault) => {
    const nowMs = NOW_MS + seconds * 1_000
    expect(await faultOf(verify(headers, BODY, secret, { nowMs }))).toBe(fault)
  })

  test('everything when its tolerance is no number', async () => {
    const call = verify(headers, BODY, secret, { ...options, toleranceSeconds: Number.NaN })
    expect(await faultOf(call)).toBe('malformed')
  })

  test.each([
    ['no secret', []],
    ['an empty secret', ''],
    ['a secret without its prefix', secret.slice(6)],
    ['a secret that was cut', secret.slice(0, 30)],
    ['a secret that is no base64', 'whsec_************************************'],
    ['a public key of another length', 'whpk_AAAA'],
  ])('to work with %s, and does not print it', async (_what, secrets) => {
    const error = await verify(headers, BODY, secrets, options).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).not.toContain(secret.slice(6, 30))
  })

  test('a body that was parsed already', async () => {
    const parsed = JSON.parse(BODY)
    await expect(verify(headers, parsed, secret, options)).rejects.toThrow('raw body')
  })
})

test('signatures are compared by the platform, in constant time, each with each key', async () => {
  const compare = vi.spyOn(crypto.subtle, 'verify')
  const secrets = [secret, generateSecret()]
  await verify(requestAt(NOW_MS, secrets), BODY, secrets, options)
  expect(compare).toHaveBeenCalledTimes(4)
})
