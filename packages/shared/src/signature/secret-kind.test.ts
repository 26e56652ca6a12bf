import { expect, test } from 'vitest'
import type { Signature } from './scheme.ts'
import { keyFor, newSecret, publicKeyOf, secretFault } from './secret-kind.ts'

const CUSTOM = {
  header: 'x',
  algorithm: 'sha1',
  encoding: 'hex',
  prefix: '',
  signs: '{body}',
} as const
const SEED = Buffer.alloc(32, 7).toString('base64')
const PAIR = Buffer.alloc(64, 7).toString('base64')

test.each<[signature: Signature, secret: string, fits: boolean]>([
  ['v1', `whsec_${SEED}`, true],
  ['v1', `whsk_${SEED}`, false],
  ['v1', 'any text of some length', false],
  ['v1a', `whsk_${SEED}`, true],
  ['v1a', `whsk_${PAIR}`, true],
  ['v1a', `whsec_${SEED}`, false],
  ['v1a', `whsk_${Buffer.alloc(33, 7).toString('base64')}`, false],
  ['v1a', 'whsk_***********************', false],
  ['logto', 'the signing key of Logto', true],
  ['logto', `whsec_${SEED}`, true],
  ['logto', 'é'.repeat(16), true],
  ['logto', 'x'.repeat(15), false],
  ['logto', 'x'.repeat(257), false],
  ['logto', `${'x'.repeat(16)}\ud800`, false],
  [CUSTOM, 'x'.repeat(256), true],
])('%j takes %s: %s', (signature, secret, fits) => {
  expect(secretFault(secret, signature) === undefined).toBe(fits)
  if (fits) expect(() => keyFor(secret, signature)).not.toThrow()
  else expect(secretFault(secret, signature)).not.toContain(secret)
})

test.each<Signature>(['v1', 'v1a', 'logto', CUSTOM])('a new secret for %j fits it', (signature) => {
  expect(secretFault(newSecret(signature), signature)).toBeUndefined()
  expect(newSecret(signature)).not.toBe(newSecret(signature))
})

// RFC 8032, 7.1, test 1.
test('the public key is the one that belongs to the private one', () => {
  const hex = (text: string) => Buffer.from(text, 'hex').toString('base64')
  const seed = hex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')
  const key = hex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
  expect(publicKeyOf(`whsk_${seed}`, 'v1a')).toBe(`whpk_${key}`)
  expect(publicKeyOf(`whsec_${seed}`, 'v1')).toBeUndefined()
})
