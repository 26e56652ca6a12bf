import { type Cidr, parseCidr } from './cidr.ts'

export type ForbiddenRange =
  | 'unspecified'
  | 'loopback'
  | 'private'
  | 'link_local'
  | 'metadata'
  | 'multicast'
  | 'reserved'

/**
 * Where a webhook never lives: the IANA special-purpose registries (IPv4: RFC 6890 and successors,
 * as of 2025; globally reachable entries too, they hold anycast services and no receivers),
 * multicast, and metadata services of clouds outside those. The first match names the range.
 */
const V4: readonly [string, ForbiddenRange][] = [
  ['169.254.169.254/32', 'metadata'], // AWS, Azure, GCP, Oracle, DigitalOcean, OpenStack
  ['169.254.170.2/32', 'metadata'], // AWS ECS task credentials
  ['169.254.170.23/32', 'metadata'], // AWS EKS pod identity
  ['100.100.100.200/32', 'metadata'], // Alibaba
  ['168.63.129.16/32', 'metadata'], // Azure's wire server, a public address
  ['192.80.8.124/32', 'metadata'], // Equinix Metal, a public address
  ['0.0.0.0/8', 'unspecified'], // "this network": connects to this machine on Linux
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'private'], // shared address space of carriers
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link_local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved'], // IETF protocol assignments
  ['192.0.2.0/24', 'reserved'], // documentation
  ['192.31.196.0/24', 'reserved'], // AS112
  ['192.52.193.0/24', 'reserved'], // AMT
  ['192.88.99.0/24', 'reserved'], // 6to4 relays
  ['192.168.0.0/16', 'private'],
  ['192.175.48.0/24', 'reserved'], // AS112
  ['198.18.0.0/15', 'reserved'], // benchmarks
  ['198.51.100.0/24', 'reserved'], // documentation
  ['203.0.113.0/24', 'reserved'], // documentation
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'], // future use, and broadcast
]

/** IPv6 the same way; what lies outside global unicast (2000::/3) needs no entry to be refused. */
const V6: readonly [string, ForbiddenRange][] = [
  ['fd00:ec2::254/128', 'metadata'], // AWS
  ['fd00:ec2::23/128', 'metadata'], // AWS EKS pod identity
  ['fd20:ce::254/128', 'metadata'], // GCP
  ['fd00:42::42/128', 'metadata'], // Scaleway
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link_local'],
  ['fec0::/10', 'private'], // site-local, deprecated
  ['ff00::/8', 'multicast'],
  ['64:ff9b:1::/48', 'private'], // NAT64 within a site: its embedded address is not ours to know
  ['2001::/23', 'reserved'], // IETF protocol assignments, with Teredo, ORCHID and benchmarks
  ['2001:db8::/32', 'reserved'], // documentation
  ['2002::/16', 'reserved'], // 6to4
  ['2620:4f:8000::/48', 'reserved'], // AS112
  ['3fff::/20', 'reserved'], // documentation
]

export interface Range {
  readonly cidr: Cidr
  readonly name: ForbiddenRange
}

export const FORBIDDEN_V4: readonly Range[] = V4.map(toRange)
export const FORBIDDEN_V6: readonly Range[] = V6.map(toRange)

function toRange([text, name]: readonly [string, ForbiddenRange]): Range {
  return { cidr: knownCidr(text), name }
}

/** A range written in this code. */
export function knownCidr(text: string): Cidr {
  const cidr = parseCidr(text)
  if (!cidr) throw new TypeError(`${text} is not an address range`)
  return cidr
}
