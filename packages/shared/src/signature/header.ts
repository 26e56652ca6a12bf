import { createHmac, type KeyObject, sign as signWith } from 'node:crypto'
import { type CustomSignature, LOGTO_SIGNATURE, type Signature } from './scheme.ts'
import { sign } from './standard.ts'

/** What a signature is made of. */
export interface Signed {
  readonly id: string
  readonly timestampSeconds: number
  readonly body: Buffer
  /** Keys of all live secrets, newest first, made for this signature (see `keyFor`). */
  readonly keys: readonly KeyObject[]
}

export const STANDARD_HEADER = 'webhook-signature'

/**
 * The header that proves who sent a request. Standard Webhooks' hold a signature by each live secret. The
 * others hold one: by the oldest, which is the one that the receiver certainly has. It adds the new one
 * beside it whenever it likes, and with the end of the overlap the new one signs.
 */
export function signatureHeader(
  signature: Signature = 'v1',
  signed: Signed,
): readonly [name: string, value: string] {
  const { id, timestampSeconds, body, keys } = signed
  if (signature === 'v1') return [STANDARD_HEADER, sign(id, timestampSeconds, body, keys)]
  if (signature === 'v1a') return [STANDARD_HEADER, asymmetric(signed)]
  return custom(signature === 'logto' ? LOGTO_SIGNATURE : signature, signed)
}

/** `v1a,<base64>` for each key: Ed25519 over what `v1` signs. */
function asymmetric({ id, timestampSeconds, body, keys }: Signed): string {
  const content = Buffer.concat([Buffer.from(`${id}.${timestampSeconds}.`), body])
  return keys.map((key) => `v1a,${signWith(null, content, key).toString('base64')}`).join(' ')
}

function custom(how: CustomSignature, { id, timestampSeconds, body, keys }: Signed) {
  const { header, algorithm, encoding, prefix, signs } = how
  const hmac = createHmac(algorithm, keys.at(-1) as KeyObject)
  const values = { id, timestamp: String(timestampSeconds) }
  // With one pass, so that what a value holds is never taken for a place.
  const [before = '', after = ''] = signs
    .split('{body}')
    .map((text) =>
      text.replaceAll(/\{(timestamp|id)\}/g, (_, name: keyof typeof values) => values[name]),
    )
  const value = hmac.update(before).update(body).update(after).digest(encoding)
  return [header, `${prefix}${value}`] as const
}
