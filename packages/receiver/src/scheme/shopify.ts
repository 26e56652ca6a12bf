import { header } from './arrival.ts'
import { listOf, type Scheme, type Secrets } from './scheme.ts'
import { isSigned } from './signed.ts'

/** @see https://shopify.dev/docs/apps/build/webhooks/verify-deliveries */
export function shopify(clientSecrets: Secrets): Scheme {
  const secrets = listOf(clientSecrets)
  return {
    name: 'shopify',
    verify(arrival) {
      const signature = header(arrival, 'x-shopify-hmac-sha256')
      if (!signature) return 'missing'
      const fits = isSigned([arrival.body], [signature], { secrets, encoding: 'base64' })
      return fits ? undefined : 'mismatch'
    },
    id: (arrival) => header(arrival, 'x-shopify-webhook-id'),
    type: (arrival) => header(arrival, 'x-shopify-topic'),
  }
}
