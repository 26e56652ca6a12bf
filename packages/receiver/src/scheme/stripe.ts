import { field, header } from './arrival.ts'
import { timeFault } from './fresh.ts'
import { listOf, type Scheme, type Secrets } from './scheme.ts'
import { isSigned } from './signed.ts'

/**
 * `t=<seconds>,v1=<hex>`, with a `v1` for each secret while one is rotated. The secret is used as text,
 * its `whsec_` included.
 * @see https://docs.stripe.com/webhooks/signature
 */
export function stripe(given: Secrets): Scheme {
  const secrets = listOf(given)
  return {
    name: 'stripe',
    verify(arrival, nowMs) {
      const signature = header(arrival, 'stripe-signature')
      if (!signature) return 'missing'
      const parts = signature.split(',').map((part) => part.trim())
      const valuesOf = (name: string) =>
        parts
          .filter((part) => part.startsWith(`${name}=`))
          .map((part) => part.slice(name.length + 1))
      const [timestamp, ...more] = valuesOf('t')
      if (!timestamp || more.length > 0) return 'malformed'
      const fault = timeFault(timestamp, nowMs)
      if (fault) return fault
      const content = [`${timestamp}.`, arrival.body]
      return isSigned(content, valuesOf('v1'), { secrets, encoding: 'hex' })
        ? undefined
        : 'mismatch'
    },
    id: (arrival) => field(arrival, 'id'),
    type: (arrival) => field(arrival, 'type'),
  }
}
