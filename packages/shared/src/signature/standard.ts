import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import { signingKey } from './secret.ts'

/** How far a timestamp may lie from the receiver's clock, as in the Standard Webhooks libraries. */
export const DEFAULT_TOLERANCE_SECONDS = 5 * 60

/**
 * The value of `webhook-signature`: `v1,<base64>` for each key, separated by a space, where base64
 * is HMAC-SHA256 over the bytes `<id>.<timestampSeconds>.<body>` (Standard Webhooks 1.0.0).
 * Bytes, not text: a body that is not valid UTF-8 is signed as it is sent.
 */
export function sign(
  id: string,
  timestampSeconds: number,
  body: Uint8Array,
  keys: readonly KeyObject[],
): string {
  const prefix = `${id}.${timestampSeconds}.`
  let header = ''
  for (const key of keys) {
    const digest = createHmac('sha256', key).update(prefix).update(body).digest('base64')
    header += header === '' ? `v1,${digest}` : ` v1,${digest}`
  }
  return header
}

export type SignatureFault = 'missing' | 'malformed' | 'too_old' | 'too_new' | 'mismatch'

export type Verification =
  | { readonly ok: true }
  | { readonly ok: false; readonly fault: SignatureFault }

export interface VerifyInput {
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The body exactly as received. */
  readonly rawBody: Uint8Array
  readonly secrets: readonly string[]
  readonly toleranceSeconds?: number
  readonly nowMs?: number
}

/**
 * Checks an incoming request as a subscriber does. Every secret is compared with every signature,
 * each in constant time.
 * @throws SecretFormatError for a secret that is none
 */
export function verify(input: VerifyInput): Verification {
  const { headers, rawBody, secrets, toleranceSeconds = DEFAULT_TOLERANCE_SECONDS } = input
  const id = headers['webhook-id']
  const timestamp = headers['webhook-timestamp']
  const signature = headers['webhook-signature']
  if (!isText(id) || !isText(timestamp) || !isText(signature)) return fault('missing')
  if (!/^\d{1,15}$/.test(timestamp)) return fault('malformed')
  const ageSeconds = Math.floor((input.nowMs ?? Date.now()) / 1000) - Number(timestamp)
  if (ageSeconds > toleranceSeconds) return fault('too_old')
  if (ageSeconds < -toleranceSeconds) return fault('too_new')
  const given = signature
    .split(' ')
    .filter((part) => part.startsWith('v1,'))
    .map((part) => Buffer.from(part))
  const wanted = sign(id, Number(timestamp), rawBody, secrets.map(signingKey))
    .split(' ')
    .map((part) => Buffer.from(part))
  const matches = given.some((one) => wanted.some((other) => equal(one, other)))
  return matches ? { ok: true } : fault('mismatch')
}

function equal(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}

function isText(value: string | string[] | undefined): value is string {
  return typeof value === 'string' && value !== ''
}

function fault(kind: SignatureFault): Verification {
  return { ok: false, fault: kind }
}
