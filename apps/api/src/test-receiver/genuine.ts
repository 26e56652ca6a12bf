import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Recipient } from '@posthorn/shared/attempt/request.ts'
import { signatureHeader } from '@posthorn/shared/signature/header.ts'
import {
  DEFAULT_TOLERANCE_SECONDS,
  type SignatureFault,
} from '@posthorn/shared/signature/standard.ts'

type Sender = Pick<Recipient, 'config' | 'signingKeys'>

/**
 * What is wrong with a request's signature, whatever the webhook signs by; undefined: nothing. Any secret
 * that is alive will do, as it does for a subscriber who holds one of them.
 */
export function signatureFault(
  webhook: Sender,
  { headers, bytes: body }: { readonly headers: IncomingHttpHeaders; readonly bytes: Buffer },
  nowMs: number,
): SignatureFault | undefined {
  const id = headers['webhook-id']
  const timestamp = headers['webhook-timestamp']
  if (typeof id !== 'string' || typeof timestamp !== 'string') return 'missing'
  if (!/^\d{1,15}$/.test(timestamp)) return 'malformed'
  const ageSeconds = Math.floor(nowMs / 1_000) - Number(timestamp)
  if (ageSeconds > DEFAULT_TOLERANCE_SECONDS) return 'too_old'
  if (ageSeconds < -DEFAULT_TOLERANCE_SECONDS) return 'too_new'
  const signed = { id, timestampSeconds: Number(timestamp), body }
  const wanted = webhook
    .signingKeys(nowMs)
    .map((key) => signatureHeader(webhook.config.signature, { ...signed, keys: [key] }))
  const given = headers[wanted[0]?.[0].toLowerCase() ?? '']
  if (typeof given !== 'string') return 'missing'
  // Standard Webhooks' header may hold several, apart by a space; a prefix of one's own may hold one, too.
  const candidates = [given, ...given.split(' ')]
  const fits = wanted.some(([, value]) => candidates.some((one) => isSame(one, value)))
  return fits ? undefined : 'mismatch'
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
