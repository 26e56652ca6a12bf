import { base64Bytes, type VerifyKey } from './key.ts'

/** More than any sender has keys in rotation: what a stranger sends must not cost more than this. */
const MAX_SIGNATURES = 20
const ED25519 = { name: 'Ed25519' }
const HMAC = { name: 'HMAC', hash: 'SHA-256' }

/**
 * Whether one of the signatures was made with one of the keys. The comparison is the platform's own
 * (`subtle.verify`), in constant time; every pair is compared, so the time does not tell which one fits.
 */
export async function anyFits(
  header: string,
  content: Uint8Array<ArrayBuffer>,
  keys: readonly VerifyKey[],
): Promise<boolean> {
  const given = header.split(' ').slice(0, MAX_SIGNATURES).map(parted)
  const checks = keys.map(async ({ version, bytes }) => {
    const algorithm = version === 'v1' ? HMAC : ED25519
    const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['verify'])
    const signatures = given.filter((each) => each.version === version)
    return await Promise.all(
      signatures.map(async ({ text }) => {
        const signature = base64Bytes(text)
        return signature ? crypto.subtle.verify(algorithm, key, signature, content) : false
      }),
    )
  })
  return (await Promise.all(checks)).flat().includes(true)
}

function parted(signature: string): { version: string; text: string } {
  const comma = signature.indexOf(',')
  return { version: signature.slice(0, Math.max(0, comma)), text: signature.slice(comma + 1) }
}
