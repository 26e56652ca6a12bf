import { createHmac, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Signed, signatureHeader } from './header.ts'
import type { CustomSignature, Signature } from './scheme.ts'
import { keyFor, newSecret } from './secret-kind.ts'

const TEXT = 'a secret of some length'
const signedBy = (body: string, ...keys: Signed['keys']): Signed => ({
  id: 'evt_1',
  timestampSeconds: 1_700_000_000,
  body: Buffer.from(body),
  keys,
})

// The vector that Logto's documentation and tests use.
test('logto is the hex of the HMAC of the body by the text of the key', () => {
  const signed = signedBy('{"bar":"bar","foo":"foo"}', keyFor('foo', 'logto'))
  expect(signatureHeader('logto', signed)).toEqual([
    'logto-signature-sha-256',
    '436958f1dbfefab37712fb3927760490fbf7757da8c0b2306ee7b485f0360eee',
  ])
})

test('v1a is Ed25519 over what v1 signs, by each key', () => {
  const keys = [newSecret('v1a'), newSecret('v1a')].map((secret) => keyFor(secret, 'v1a'))
  const [name, value] = signatureHeader('v1a', signedBy('{}', ...keys))
  expect(name).toBe('webhook-signature')
  const signatures = value.split(' ').map((each) => each.split(',') as [string, string])
  expect(signatures.map(([version]) => version)).toEqual(['v1a', 'v1a'])
  const content = Buffer.from('evt_1.1700000000.{}')
  for (const [i, [, base64]] of signatures.entries()) {
    const key = createPublicKey(keys[i] as Signed['keys'][number])
    expect(verify(null, content, key, Buffer.from(base64, 'base64'))).toBe(true)
  }
})

const how = (more: Partial<CustomSignature>): CustomSignature => ({
  header: 'X-Signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: '',
  signs: '{body}',
  ...more,
})

test.each<[more: Partial<CustomSignature>, content: string]>([
  [{}, '{"a":1}'],
  [{ prefix: 'sha1=', algorithm: 'sha1' }, '{"a":1}'],
  [{ encoding: 'base64', algorithm: 'sha512' }, '{"a":1}'],
  [{ signs: '{timestamp}.{body}' }, '1700000000.{"a":1}'],
  [{ signs: 'v0:{timestamp}:{body}:{id}$&' }, 'v0:1700000000:{"a":1}:evt_1$&'],
])('a signature of its own: %j', (more, content) => {
  const own = how(more)
  const digest = createHmac(own.algorithm, TEXT).update(content).digest(own.encoding)
  const [name, value] = signatureHeader(own, signedBy('{"a":1}', keyFor(TEXT, own)))
  expect([name, value]).toEqual(['X-Signature', `${own.prefix}${digest}`])
})

test.each<Signature>(['logto', how({})])(
  '%j has room for one signature: by the oldest key',
  (own) => {
    const [newest, oldest] = ['the new secret of it', TEXT].map((secret) => keyFor(secret, own))
    const header = (...keys: (KeyObject | undefined)[]) =>
      signatureHeader(own, signedBy('{}', ...(keys as KeyObject[])))
    expect(header(newest, oldest)).toEqual(header(oldest))
    expect(header(newest, oldest)).not.toEqual(header(newest))
  },
)
