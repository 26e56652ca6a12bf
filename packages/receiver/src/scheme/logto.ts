import { field, header } from './arrival.ts'
import { listOf, type Scheme, type Secrets } from './scheme.ts'
import { isSigned } from './signed.ts'

/**
 * Logto signs the raw body and nothing else, and gives no id: a repeat is told by its bytes, which hold
 * the time of what happened.
 * @see https://docs.logto.io/developers/webhooks/secure-webhooks
 */
export function logto(signingKeys: Secrets): Scheme {
  const secrets = listOf(signingKeys)
  return {
    name: 'logto',
    verify(arrival) {
      const signature = header(arrival, 'logto-signature-sha-256')
      if (!signature) return 'missing'
      const fits = isSigned([arrival.body], [signature], { secrets, encoding: 'hex' })
      return fits ? undefined : 'mismatch'
    },
    id: () => undefined,
    type: (arrival) => field(arrival, 'event'),
  }
}
