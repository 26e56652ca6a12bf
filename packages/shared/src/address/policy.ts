import { addressBytes, type Cidr, contains, parseCidr } from './cidr.ts'
import { FORBIDDEN_V4, FORBIDDEN_V6, type ForbiddenRange, knownCidr } from './ranges.ts'

export type AddressVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly range: ForbiddenRange | 'invalid' }

/** Which addresses webhooks may reach. */
export interface AddressPolicy {
  /** Judges an address literal as a resolver or a socket gives it; anything else is `invalid`. */
  judge(address: string): AddressVerdict
  allows(address: string): boolean
}

/** An entry of POSTHORN_ALLOW_CIDRS is not an address range. */
export class AllowCidrError extends Error {
  override readonly name = 'AllowCidrError'
  readonly entry: string

  constructor(entry: string) {
    super(`"${entry}" is not an address range such as 10.0.0.0/8 or fd00::/8`)
    this.entry = entry
  }
}

/**
 * Bytes are judged, not strings, so that no spelling of an address slips through. An address that
 * carries an IPv4 address to which a translator or tunnel would send is judged by that one too.
 * What `allowCidrs` holds is allowed, whatever range it lies in.
 * @throws AllowCidrError
 */
export function createAddressPolicy(allowCidrs: readonly string[] = []): AddressPolicy {
  const allowed = allowCidrs.map((entry) => {
    const cidr = parseCidr(entry)
    if (!cidr) throw new AllowCidrError(entry)
    return cidr
  })
  const judge = (address: string): AddressVerdict => {
    const bytes = addressBytes(address)
    return bytes ? judgeBytes(bytes, allowed) : { allowed: false, range: 'invalid' }
  }
  return { judge, allows: (address) => judge(address).allowed }
}

const ALLOWED: AddressVerdict = { allowed: true }
const RESERVED: AddressVerdict = { allowed: false, range: 'reserved' }

function judgeBytes(bytes: Uint8Array, allowed: readonly Cidr[]): AddressVerdict {
  if (allowed.some((cidr) => contains(cidr, bytes))) return ALLOWED
  const embedded = bytes.length === 16 ? embeddedV4(bytes) : undefined
  if (embedded?.alone) return judgeBytes(embedded.bytes, allowed)
  const ranges = bytes.length === 4 ? FORBIDDEN_V4 : FORBIDDEN_V6
  const match = ranges.find((range) => contains(range.cidr, bytes))
  if (match) return { allowed: false, range: match.name }
  if (bytes.length === 4) return ALLOWED
  if (!contains(GLOBAL_UNICAST, bytes)) return RESERVED
  return embedded ? judgeBytes(embedded.bytes, allowed) : ALLOWED
}

const GLOBAL_UNICAST = knownCidr('2000::/3')
const V4_MAPPED = knownCidr('::ffff:0:0/96')
const NAT64 = knownCidr('64:ff9b::/96')

/**
 * The IPv4 address inside an IPv6 one; `alone` if the rest says nothing about where it leads.
 * IPv4-compatible, 6to4 and Teredo addresses are refused as such (ranges.ts): nobody is reached
 * through these but by mistake.
 */
function embeddedV4(bytes: Uint8Array): { bytes: Uint8Array; alone: boolean } | undefined {
  if (contains(V4_MAPPED, bytes) || contains(NAT64, bytes)) {
    return { bytes: bytes.subarray(12), alone: true }
  }
  // ISATAP (RFC 5214): an interface identifier of [02]00:5efe and the IPv4 address.
  const isatap = (bytes[8] === 0 || bytes[8] === 2) && bytes[9] === 0
  if (isatap && bytes[10] === 0x5e && bytes[11] === 0xfe) {
    return { bytes: bytes.subarray(12), alone: false }
  }
  return undefined
}
