import { checkWebhookUrl, type WebhookUrl } from '@posthorn/shared/address/url.ts'
import { inputProblem, ProblemError } from '@posthorn/shared/error/problem.ts'
import { LOGTO_SIGNATURE, type Signature } from '@posthorn/shared/signature/scheme.ts'
import { newSecret, secretFault } from '@posthorn/shared/signature/secret-kind.ts'
import { MASK, type WebhookInput } from '@posthorn/shared/webhook/schema.ts'
import { headerContext } from '@posthorn/shared/webhook/vault.ts'
import type { WebhookSettings } from '@posthorn/shared/webhook/webhook.ts'
import type { WebhookDeps } from './deps.ts'

/** The URL in its one spelling. Throws 422 `url_refused`. */
export function acceptedUrl(url: string, policy: WebhookDeps['policy']): WebhookUrl {
  const check = checkWebhookUrl(url, policy)
  if (check.ok) return check.url
  const errors = [{ path: 'url', message: check.message }]
  throw new ProblemError('url_refused', `The URL ${check.message}.`, { errors })
}

/** The secret, or a new one. Throws 422 `invalid_input` for one that does not fit the signature. */
export function acceptedSecret(
  given: string | undefined,
  signature: Signature | undefined,
): string {
  const secret = given ?? newSecret(signature)
  const fault = secretFault(secret, signature)
  if (fault === undefined) return secret
  throw inputProblem('secret', fault)
}

/** Throws 422 `invalid_input` where a header of the webhook's own would stand beside its signature. */
export function requireFreeHeader({
  headers,
  signature,
}: Pick<WebhookSettings, 'headers' | 'signature'>): void {
  const how = signature === 'logto' ? LOGTO_SIGNATURE : signature
  if (typeof how !== 'object') return
  const taken = how.header.toLowerCase()
  const clash = Object.keys(headers).find((name) => name.toLowerCase() === taken)
  if (clash !== undefined) throw inputProblem(`headers.${clash}`, 'Holds the signature')
}

/**
 * Header values, sealed. One that is the mask keeps the value that `current` has under the same name;
 * throws 422 `invalid_input` where there is none: it came from an answer about another webhook.
 */
export function sealedHeaders(
  id: string,
  headers: Readonly<Record<string, string>>,
  vault: WebhookDeps['vault'],
  current: WebhookSettings['headers'] = {},
): Record<string, string> {
  const kept = new Map(Object.entries(current).map(([name, value]) => [name.toLowerCase(), value]))
  const sealed = Object.entries(headers).map(([name, value]) => {
    const context = headerContext(id, name)
    if (value !== MASK) return [name, vault.seal(value, context)]
    const old = kept.get(name.toLowerCase())
    if (old === undefined)
      throw inputProblem(`headers.${name}`, `"${MASK}" hides a value, it is none`)
    return [name, vault.renew(old, context)]
  })
  return Object.fromEntries(sealed)
}

/** What may be left out of a stored webhook, and then means the default. */
export const OPTIONAL = [
  'name',
  'description',
  'retryPolicy',
  'timeoutMs',
  'rateLimit',
  'maxConcurrency',
  'ordered',
  'circuitBreaker',
  'propagateTrace',
  'format',
  'signature',
  'filter',
  'metadata',
] as const

/** Those of them that are given. */
export function optionalOf(input: WebhookInput): Pick<WebhookSettings, (typeof OPTIONAL)[number]> {
  const isGiven = (name: (typeof OPTIONAL)[number]) => (input[name] ?? undefined) !== undefined
  return Object.fromEntries(OPTIONAL.filter(isGiven).map((name) => [name, input[name]]))
}
