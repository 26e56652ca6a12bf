import { createHmac, timingSafeEqual } from 'node:crypto'

export const ALGORITHMS = ['sha1', 'sha256', 'sha512'] as const
export const ENCODINGS = ['hex', 'base64'] as const
export type Algorithm = (typeof ALGORITHMS)[number]
export type Encoding = (typeof ENCODINGS)[number]

/** More than any sender has keys in rotation: what a stranger sends must not cost more than this. */
const MAX_SIGNATURES = 20
const FORMATS = {
  hex: /^(?:[0-9a-f]{2})+$/i,
  base64: /^[A-Za-z0-9+/]+={0,2}$/,
}

/**
 * Whether one of the signatures is the HMAC of the content by one of the secrets, used as their UTF-8
 * bytes. Every pair is compared, each in constant time, so the time does not tell which one fits.
 */
export function isSigned(
  content: readonly (string | Uint8Array)[],
  given: readonly string[],
  by: { secrets: readonly string[]; algorithm?: Algorithm; encoding: Encoding },
): boolean {
  const { secrets, algorithm = 'sha256', encoding } = by
  const signatures = given
    .slice(0, MAX_SIGNATURES)
    .filter((text) => FORMATS[encoding].test(text))
    .map((text) => Buffer.from(text, encoding))
  let fits = false
  for (const secret of secrets) {
    const hmac = createHmac(algorithm, secret)
    for (const part of content) hmac.update(part)
    const wanted = hmac.digest()
    for (const signature of signatures) {
      if (signature.length === wanted.length && timingSafeEqual(signature, wanted)) fits = true
    }
  }
  return fits
}
