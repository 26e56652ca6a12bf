import { type LookupAddress, lookup as systemLookup } from 'node:dns'

/** All addresses of a host name. The shape of `dns.lookup` with `all: true`. */
export type Lookup = (
  hostname: string,
  callback: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void

/** The system's resolver, so that /etc/hosts and a container's own names hold. */
export const lookupBySystem: Lookup = (hostname, callback) =>
  systemLookup(hostname, { all: true }, callback)

/**
 * Look-ups of one name at the same time become one: `dns.lookup` blocks a thread of libuv's pool,
 * and a name whose servers are silent would else take them all. Answers are not kept: connections
 * are, and a receiver that moves is found at once.
 */
export function coalesced(lookup: Lookup): Lookup {
  const waiting = new Map<string, Parameters<Lookup>[1][]>()
  return (hostname, callback) => {
    const others = waiting.get(hostname)
    if (others) {
      others.push(callback)
      return
    }
    const callbacks = [callback]
    waiting.set(hostname, callbacks)
    lookup(hostname, (error, addresses) => {
      waiting.delete(hostname)
      for (const each of callbacks) each(error, addresses)
    })
  }
}
