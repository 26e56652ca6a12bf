import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import type { Signature } from './scheme.ts'
import { generateSecret, isSecret, signingKey } from './secret.ts'

// Which secrets a signature needs, and the keys that are made of them.

/** Private and public keys of Ed25519, as Standard Webhooks spells them: a prefix, then base64. */
const PRIVATE_PREFIX = 'whsk_'
const PUBLIC_PREFIX = 'whpk_'
const SEED_BYTES = 32
/** What stands before the seed in PKCS 8, and before the public key in SPKI (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI_HEAD_BYTES = 12

const MIN_TEXT = 16
const MAX_TEXT = 256

/** What is wrong with a secret for this signature; undefined when nothing is. Never holds the secret. */
export function secretFault(secret: string, signature: Signature = 'v1'): string | undefined {
  if (signature === 'v1') {
    return isSecret(secret) ? undefined : 'Expected whsec_ and base64 of 24 to 64 bytes'
  }
  if (signature === 'v1a') {
    return seedOf(secret)
      ? undefined
      : 'Expected whsk_ and base64 of an Ed25519 key of 32 or 64 bytes'
  }
  const length = [...secret].length
  if (length >= MIN_TEXT && length <= MAX_TEXT && secret.isWellFormed()) return undefined
  return `Expected ${MIN_TEXT} to ${MAX_TEXT} characters`
}

export function newSecret(signature: Signature = 'v1'): string {
  if (signature !== 'v1a') return generateSecret()
  return PRIVATE_PREFIX + randomBytes(SEED_BYTES).toString('base64')
}

/**
 * The key to sign with.
 * @throws TypeError or SecretFormatError for a secret that does not fit
 */
export function keyFor(secret: string, signature: Signature = 'v1'): KeyObject {
  if (signature === 'v1') return signingKey(secret)
  if (signature !== 'v1a') return createSecretKey(Buffer.from(secret))
  const seed = seedOf(secret)
  if (!seed) throw new TypeError('The secret is no private key')
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' })
}

/** What a subscriber checks `v1a` with; undefined for secrets that both sides hold. */
export function publicKeyOf(secret: string, signature: Signature = 'v1'): string | undefined {
  if (signature !== 'v1a') return undefined
  const spki = createPublicKey(keyFor(secret, signature)).export({ format: 'der', type: 'spki' })
  return PUBLIC_PREFIX + spki.subarray(SPKI_HEAD_BYTES).toString('base64')
}

/** What is shown of a secret to whoever may see it. */
export function shownKeys(
  secret: string,
  signature: Signature | undefined,
): { secret: string; publicKey?: string } {
  const publicKey = publicKeyOf(secret, signature)
  return { secret, ...(publicKey === undefined ? {} : { publicKey }) }
}

/** The seed of a private key: 32 bytes, or the first of 64 that end with the public key. */
function seedOf(secret: string): Buffer | undefined {
  const [, base64 = ''] = /^whsk_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? []
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length !== SEED_BYTES && bytes.length !== 2 * SEED_BYTES) return undefined
  return bytes.subarray(0, SEED_BYTES)
}
