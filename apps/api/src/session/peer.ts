import { addressBytes, type Cidr, contains } from '@posthorn/shared/address/cidr.ts'

const IPV4_MAPPED = /^::ffff:(?=\d+\.)/i
/** Who has one address of IPv6 has the 2^64 of its network. */
const IPV6_NETWORK_BYTES = 8

/**
 * Whose sign-ins are counted together: an IPv4 address or an IPv6 network. Behind trusted proxies it is
 * the last address of `X-Forwarded-For` that is none of theirs; what stands before it anyone can write.
 */
export function peerOf(
  remoteAddress: string | undefined,
  forwardedFor: string | undefined,
  trusted: readonly Cidr[],
): string {
  const hops = [...(forwardedFor?.split(',') ?? []), remoteAddress ?? ''].map((hop) =>
    hop.trim().replace(IPV4_MAPPED, ''),
  )
  let peer = hops.pop() as string
  while (hops.length > 0 && isTrusted(peer, trusted)) {
    const before = hops.pop() as string
    if (addressBytes(before) === undefined) break
    peer = before
  }
  return network(peer)
}

function isTrusted(address: string, trusted: readonly Cidr[]): boolean {
  const bytes = addressBytes(address)
  return bytes !== undefined && trusted.some((range) => contains(range, bytes))
}

function network(address: string): string {
  const bytes = addressBytes(address)
  if (bytes === undefined) return 'unknown'
  if (bytes.length === 4) return address
  return `${Buffer.from(bytes.subarray(0, IPV6_NETWORK_BYTES)).toString('hex')}::/64`
}
