import { header } from './arrival.ts'
import { listOf, type Scheme, type Secrets } from './scheme.ts'
import { isSigned } from './signed.ts'

const PREFIX = 'sha256='

/** @see https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
export function github(given: Secrets): Scheme {
  const secrets = listOf(given)
  return {
    name: 'github',
    verify(arrival) {
      const signature = header(arrival, 'x-hub-signature-256')
      if (!signature) return 'missing'
      if (!signature.startsWith(PREFIX)) return 'malformed'
      const hex = signature.slice(PREFIX.length)
      return isSigned([arrival.body], [hex], { secrets, encoding: 'hex' }) ? undefined : 'mismatch'
    },
    id: (arrival) => header(arrival, 'x-github-delivery'),
    type: (arrival) => header(arrival, 'x-github-event'),
  }
}
