import { anyFits } from './fits.ts'
import { verifyKey } from './key.ts'
import { bodyBytes, headerOf, type RawBody, type RequestHeaders, signedBytes } from './signed.ts'

const DEFAULT_TOLERANCE_SECONDS = 5 * 60
const SECOND_MS = 1_000

export interface VerifyOptions {
  /** How far the signed time may lie from the clock here, either way. */
  readonly toleranceSeconds?: number | undefined
  /** The clock, in ms since 1970. */
  readonly nowMs?: number | undefined
}

/**
 * `missing`: a `webhook-…` header is not there, or twice · `malformed`: the time is none · `too_old` and
 * `too_new`: outside the tolerance · `mismatch`: no signature fits
 */
export type SignatureFault = 'missing' | 'malformed' | 'too_old' | 'too_new' | 'mismatch'

/** The request was not signed with any of the secrets, or not now. Answer it 401. */
export class SignatureError extends Error {
  override readonly name = 'SignatureError'
  readonly fault: SignatureFault

  constructor(fault: SignatureFault) {
    super(`The webhook's signature is not accepted: ${fault}`)
    this.fault = fault
  }
}

export interface WebhookBody<Data = unknown> {
  readonly type: string
  readonly timestamp: string
  readonly data: Data
}

/** A request that was signed as it arrived. */
export interface VerifiedWebhook {
  /** The same for every retry: keep it, to take each event once. */
  readonly id: string
  /** When this attempt was sent. */
  readonly sentAt: Date
  /**
   * The body, parsed.
   * @throws SyntaxError for a body that is not JSON
   */
  json<Data = unknown>(): WebhookBody<Data>
}

/**
 * Checks a request after Standard Webhooks: `v1` (secrets `whsec_…`) and `v1a` (public keys `whpk_…`).
 * While a secret is rotated give both; one signature that fits is enough.
 * @throws SignatureError for a request to refuse, TypeError for a secret or a body that is none
 */
export async function verify(
  headers: RequestHeaders,
  rawBody: RawBody,
  secrets: string | readonly string[],
  options: VerifyOptions = {},
): Promise<VerifiedWebhook> {
  const keys = (typeof secrets === 'string' ? [secrets] : secrets).map(verifyKey)
  if (keys.length === 0) throw new TypeError('Give at least one secret')
  const body = bodyBytes(rawBody)
  const id = headerOf(headers, 'webhook-id')
  const timestamp = headerOf(headers, 'webhook-timestamp')
  const signatures = headerOf(headers, 'webhook-signature')
  if (!id || !timestamp || !signatures) throw new SignatureError('missing')
  const fault = timeFault(timestamp, options)
  if (fault) throw new SignatureError(fault)
  if (!(await anyFits(signatures, signedBytes(id, timestamp, body), keys))) {
    throw new SignatureError('mismatch')
  }
  return {
    id,
    sentAt: new Date(Number(timestamp) * SECOND_MS),
    json: () => JSON.parse(new TextDecoder().decode(body)),
  }
}

/**
 * For whoever is given secrets long before the first request.
 * @throws TypeError for one that `verify` would not take, without the secret in it
 */
export function checkSecrets(secrets: readonly string[]): void {
  for (const secret of secrets) verifyKey(secret)
}

/** What is wrong with the time of a request. */
function timeFault(
  timestamp: string,
  { toleranceSeconds = DEFAULT_TOLERANCE_SECONDS, nowMs = Date.now() }: VerifyOptions,
): SignatureFault | undefined {
  if (!/^\d{1,12}$/.test(timestamp)) return 'malformed'
  const ageSeconds = Math.floor(nowMs / SECOND_MS) - Number(timestamp)
  if (ageSeconds > toleranceSeconds) return 'too_old'
  if (ageSeconds < -toleranceSeconds) return 'too_new'
  // Neither the one nor the other holds for a tolerance that is no number.
  return Math.abs(ageSeconds) <= toleranceSeconds ? undefined : 'malformed'
}
