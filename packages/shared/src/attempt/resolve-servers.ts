import { type LookupAddress, Resolver } from 'node:dns'
import { errorCode } from './dial-error.ts'
import type { Lookup } from './resolve.ts'

/** First wait for a name server; doubled by c-ares with each further try. */
const TIMEOUT_MS = 1_000
const TRIES = 2

/**
 * Asks these name servers and nothing else (POSTHORN_DNS_SERVERS): no /etc/hosts, no search domains,
 * no cache, and no thread of libuv's pool while a server is silent. One of the two families is enough:
 * many names have no AAAA record, and many servers answer that badly.
 */
export function lookupByServers(servers: readonly string[]): Lookup {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES })
  resolver.setServers(servers)
  return (hostname, callback) => {
    const addresses: LookupAddress[] = []
    const errors: Error[] = []
    let open = 2
    const answered = (family: 4 | 6) => (error: Error | null, found: readonly string[]) => {
      if (error) errors.push(error)
      else for (const address of found) addresses.push({ address, family })
      open -= 1
      if (open > 0) return
      if (addresses.length > 0) callback(null, addresses)
      else callback(mostTelling(errors), [])
    }
    resolver.resolve4(hostname, answered(4))
    resolver.resolve6(hostname, answered(6))
  }
}

/** That a name has no address of one family says less than that the other could not be asked for. */
function mostTelling(errors: readonly Error[]): Error | null {
  return errors.find((error) => errorCode(error) !== 'ENODATA') ?? errors[0] ?? null
}
