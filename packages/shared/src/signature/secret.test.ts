import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { generateSecret, isSecret, SecretFormatError, secretBytes } from './secret.ts'

const ofBytes = (length: number) => `whsec_${randomBytes(length).toString('base64')}`

test('a generated secret is valid, 32 bytes long, and never the same', () => {
  const secrets = new Set(Array.from({ length: 100 }, generateSecret))
  expect(secrets.size).toBe(100)
  for (const secret of secrets) expect(secretBytes(secret).length).toBe(32)
})

test.each([24, 25, 32, 63, 64])('a secret of %i bytes is accepted', (length) => {
  expect(isSecret(ofBytes(length))).toBe(true)
  expect(isSecret(ofBytes(length).replace(/=+$/, ''))).toBe(true)
})

test.each([
  '',
  'whsec_',
  ofBytes(23),
  ofBytes(65),
  ofBytes(32).slice(6),
  ofBytes(32).toUpperCase(),
  ofBytes(32).replace('whsec_', 'whsec-'),
  `${ofBytes(32)} `,
  `whsec_ ${randomBytes(32).toString('base64')}`,
  `whsec_${randomBytes(33).fill(0xff).toString('base64url')}`,
  `whsec_${'*'.repeat(44)}`,
  `whsec_${'é'.repeat(44)}`,
])('%j is refused, and the error does not repeat it', (secret) => {
  expect(isSecret(secret)).toBe(false)
  try {
    secretBytes(secret)
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(SecretFormatError)
    if (secret.length > 10) expect(String(error)).not.toContain(secret.slice(6))
  }
})
