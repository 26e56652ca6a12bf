import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Vault, VaultError } from './vault.ts'

const oldKey = randomBytes(32)
const newKey = randomBytes(32)
const vault = new Vault([oldKey])

describe('a sealed value', () => {
  it('opens to what it was, in its own place only', () => {
    const sealed = vault.seal('whsec_ä', 'wh_1 secret')
    expect(sealed).not.toContain('whsec')
    expect(vault.open(sealed, 'wh_1 secret')).toBe('whsec_ä')
    expect(() => vault.open(sealed, 'wh_2 secret')).toThrow(VaultError)
    expect(() => vault.open(sealed, 'wh_1 header x')).toThrow(VaultError)
  })

  it('is never the same twice', () => {
    expect(vault.seal('a', 'c')).not.toBe(vault.seal('a', 'c'))
  })

  it('may be empty', () => {
    expect(vault.open(vault.seal('', 'c'), 'c')).toBe('')
  })

  it('does not open once any byte of it is changed', () => {
    const [format, id, text = ''] = vault.seal('secret', 'c').split('.')
    const bytes = Buffer.from(text, 'base64url')
    for (let i = 0; i < bytes.length; i++) {
      const forged = Buffer.from(bytes)
      forged[i] = (forged[i] as number) ^ 1
      const sealed = [format, id, forged.toString('base64url')].join('.')
      expect(() => vault.open(sealed, 'c')).toThrow(VaultError)
    }
  })

  it.each(['', 'v1', 'v1.x', 'v2.a.b', 'plain text', 'v1..AAAA'])('%j is refused', (sealed) => {
    expect(() => vault.open(sealed, 'c')).toThrow(VaultError)
  })
})

describe('key rotation', () => {
  const both = new Vault([newKey, oldKey])
  const sealed = vault.seal('secret', 'c')

  it('opens with any key and seals with the newest', () => {
    expect(both.open(sealed, 'c')).toBe('secret')
    expect(new Vault([newKey]).open(both.seal('other', 'c'), 'c')).toBe('other')
  })

  it('renews what an older key sealed and leaves the rest as it is', () => {
    const renewed = both.renew(sealed, 'c')
    expect(new Vault([newKey]).open(renewed, 'c')).toBe('secret')
    expect(both.renew(renewed, 'c')).toBe(renewed)
  })

  it('without the key says which one is missing, and nothing else', () => {
    expect(() => new Vault([newKey]).open(sealed, 'c')).toThrow(/^No key with id [0-9a-f]{8} in /)
  })
})

it.each([[[]], [[Buffer.alloc(31)]]])('refuses keys of the wrong size', (keys) => {
  expect(() => new Vault(keys)).toThrow(VaultError)
})
