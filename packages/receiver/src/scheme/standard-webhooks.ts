import { checkSecrets, SignatureError, verify } from 'posthorn'
import { field, header } from './arrival.ts'
import { listOf, type Scheme, type Secrets } from './scheme.ts'

/**
 * Standard Webhooks, which Posthorn itself sends: `v1` (secrets `whsec_…`) and `v1a` (public keys
 * `whpk_…`).
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function standardWebhooks(secrets: Secrets): Scheme {
  const list = listOf(secrets)
  checkSecrets(list)
  return {
    name: 'standard-webhooks',
    async verify({ headers, body }, nowMs) {
      try {
        await verify(headers, body, list, { nowMs })
        return undefined
      } catch (error) {
        if (error instanceof SignatureError) return error.fault
        throw error
      }
    },
    id: (arrival) => header(arrival, 'webhook-id'),
    type: (arrival) => field(arrival, 'type'),
  }
}
