const HMAC_PREFIX = 'whsec_'
const PUBLIC_PREFIX = 'whpk_'
const MIN_HMAC_BYTES = 24
const MAX_HMAC_BYTES = 64
const ED25519_BYTES = 32

/** A version of Standard Webhooks' signatures, and the key that such a signature is checked with. */
export interface VerifyKey {
  readonly version: 'v1' | 'v1a'
  readonly bytes: Uint8Array<ArrayBuffer>
}

/**
 * Reads `whsec_…` (`v1`, HMAC-SHA256) or `whpk_…` (`v1a`, Ed25519).
 * @throws TypeError, without the secret in it
 */
export function verifyKey(secret: string): VerifyKey {
  if (typeof secret !== 'string' || secret === '') throw new TypeError('The secret is empty')
  if (secret.startsWith(PUBLIC_PREFIX)) {
    const bytes = keyBytes(secret.slice(PUBLIC_PREFIX.length))
    if (bytes.length === ED25519_BYTES) return { version: 'v1a', bytes }
    throw new TypeError(`A public key has ${ED25519_BYTES} bytes, this one ${bytes.length}`)
  }
  if (!secret.startsWith(HMAC_PREFIX)) {
    throw new TypeError(`A secret starts with ${HMAC_PREFIX}, a public key with ${PUBLIC_PREFIX}`)
  }
  const bytes = keyBytes(secret.slice(HMAC_PREFIX.length))
  if (bytes.length >= MIN_HMAC_BYTES && bytes.length <= MAX_HMAC_BYTES) {
    return { version: 'v1', bytes }
  }
  const range = `${MIN_HMAC_BYTES} to ${MAX_HMAC_BYTES}`
  throw new TypeError(`A secret has ${range} bytes, this one ${bytes.length}`)
}

function keyBytes(base64: string): Uint8Array<ArrayBuffer> {
  const bytes = base64Bytes(base64)
  if (!bytes) throw new TypeError('What follows the prefix of the secret is not base64')
  return bytes
}

/** undefined for what is not base64. */
export function base64Bytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  // `atob` skips white space, which no key and no signature has.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
