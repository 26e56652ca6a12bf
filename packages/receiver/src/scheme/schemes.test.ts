import { describe, expect, test } from 'vitest'
import { VENDORS } from '../testing/vendors.ts'
import { arrivalOf } from './arrival.ts'
import { basic, none } from './credential.ts'
import { hmac } from './hmac.ts'
import type { Scheme } from './scheme.ts'
import { slack } from './slack.ts'

const NOW_MS = 1_800_000_000_000
const MINUTE_MS = 60_000

async function faultOf(scheme: Scheme, headers: Record<string, string>, body: string) {
  return await scheme.verify(arrivalOf(headers, Buffer.from(body)), NOW_MS)
}

describe.each(Object.entries(VENDORS))('%s', (name, vendor) => {
  const [secret, other] = vendor.secrets
  const { body, signsBody } = vendor
  const headers = vendor.headers(secret, body, NOW_MS)
  const scheme = vendor.scheme(secret)

  test('accepts what its secret signed, also while the secret is rotated', async () => {
    expect(scheme.name).toBe(name)
    expect(await faultOf(scheme, headers, body)).toBe(undefined)
    expect(await faultOf(vendor.scheme([other, secret]), headers, body)).toBe(undefined)
    expect(await faultOf(vendor.scheme([secret, other]), headers, body)).toBe(undefined)
  })

  test('refuses what another secret signed, and a body that was changed', async () => {
    expect(await faultOf(vendor.scheme(other), headers, body)).toBe('mismatch')
    expect(await faultOf(scheme, headers, `${body} `)).toBe(signsBody ? 'mismatch' : undefined)
  })

  test('refuses a request without any one of the headers that it needs', async () => {
    const faults = []
    for (const missing of Object.keys(headers)) {
      faults.push(await faultOf(scheme, { ...headers, [missing]: '' }, body))
    }
    expect(faults).toContain('missing')
    expect(faults.filter((fault) => fault !== 'missing' && fault !== undefined)).toEqual([])
    expect(await faultOf(scheme, {}, body)).toBe('missing')
  })

  test('refuses signatures that are none', async () => {
    for (const text of ['x', '=', 'v0=', 'sha256=zz', 't=1,t=2', 't=,v1=', 'v1,', 'Basic', ' ']) {
      const garbled = Object.fromEntries(Object.keys(headers).map((each) => [each, text]))
      expect(await faultOf(scheme, garbled, body)).toMatch(/^(malformed|mismatch|missing)$/)
    }
  })

  test('reads the vendor’s id and type', () => {
    const arrival = arrivalOf(headers, Buffer.from(body))
    expect(scheme.id(arrival)).toBe(vendor.id)
    expect(scheme.type(arrival)).toBe(vendor.type)
  })

  test('refuses a time too far from the clock, where the vendor signs one', async () => {
    for (const [minutes, fault] of [
      [-6, 'too_old'],
      [6, 'too_new'],
      [-4, undefined],
      [4, undefined],
    ] as const) {
      const at = vendor.headers(secret, body, NOW_MS + minutes * MINUTE_MS)
      expect(await faultOf(scheme, at, body)).toBe(vendor.signsTime ? fault : undefined)
    }
  })

  test('is not made without a secret', () => {
    expect(() => vendor.scheme([])).toThrow(TypeError)
    expect(() => vendor.scheme('')).toThrow(TypeError)
    expect(() => vendor.scheme([secret, ''])).toThrow(TypeError)
  })
})

describe('what contradicts itself is refused when the scheme is made', () => {
  test.each([
    [{ header: '' }],
    [{ header: 'x', signs: 'nothing' }],
    [{ header: 'x', signs: '{body}{body}' }],
    [{ header: 'x', signs: '{timestamp}.{body}' }],
    [{ header: 'x', signs: '{id}.{body}' }],
  ])('%j', (options) => {
    expect(() => hmac('a secret', options)).toThrow(TypeError)
  })

  test('a user without a password', () => {
    expect(() => basic('ada')).toThrow(TypeError)
  })
})

test('a tolerance that is no number accepts nothing', async () => {
  const options = {
    header: 'x',
    timestampHeader: 't',
    signs: '{timestamp}',
    toleranceSeconds: Number.NaN,
  }
  const scheme = hmac('a secret', { ...options, signs: '{timestamp}{body}' })
  expect(await faultOf(scheme, { x: '00', t: '1800000000' }, '')).toBe('malformed')
})

test('Slack’s question is answered with its challenge, and nothing else is a question', () => {
  const ask = (body: string) => slack('secret').reply?.(arrivalOf({}, Buffer.from(body)))
  expect(ask('{"type":"url_verification","challenge":"3eZbrw1aB"}')).toEqual({
    contentType: 'text/plain',
    body: '3eZbrw1aB',
  })
  expect(ask('{"type":"event_callback","challenge":"3eZbrw1aB"}')).toBe(undefined)
  expect(ask('{"type":"url_verification"}')).toBe(undefined)
})

test('where there is nothing to verify everything is accepted', async () => {
  expect(await faultOf(none(), {}, 'anything')).toBe(undefined)
})

test('a body that is no JSON object has neither id nor type', () => {
  for (const body of [
    '',
    'null',
    '[]',
    '"type"',
    '{',
    '\xff',
    '\xef\xbb\xbf{"type":"a","id":"b"}',
    '{"type":{}}',
    '{"type":""}',
  ]) {
    for (const { scheme, secrets } of Object.values(VENDORS)) {
      const made = scheme(secrets[0])
      const arrival = arrivalOf({}, Buffer.from(body, 'latin1'))
      expect([made.id(arrival), made.type(arrival)]).toEqual([undefined, undefined])
    }
  }
})

test('a header that is there twice counts as missing', async () => {
  const vendor = VENDORS.github
  if (!vendor) throw new Error('no such vendor')
  const headers = vendor.headers(vendor.secrets[0], vendor.body, NOW_MS)
  const signature = headers['x-hub-signature-256'] as string
  const twice = { ...headers, 'x-hub-signature-256': [signature, signature] }
  const arrival = arrivalOf(twice, Buffer.from(vendor.body))
  expect(await vendor.scheme(vendor.secrets[0]).verify(arrival, NOW_MS)).toBe('missing')
})

test('a body that was parsed already is refused loudly', () => {
  expect(() => arrivalOf({}, { parsed: true } as unknown as Uint8Array)).toThrow(TypeError)
})
