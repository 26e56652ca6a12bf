import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** An address range: the first `prefixLength` bits of `bytes` decide. 4 or 16 bytes. */
export interface Cidr {
  readonly bytes: Uint8Array
  readonly prefixLength: number
}

/**
 * The 4 or 16 bytes of an address literal; undefined if the text is none. Only the forms that
 * resolvers and sockets give: ipaddr.js alone would also read `127.1` or `0x7f.1`.
 */
export function addressBytes(text: string): Uint8Array | undefined {
  const zone = text.indexOf('%')
  const address = zone === -1 ? text : text.slice(0, zone)
  if (isIP(address) === 0) return undefined
  return Uint8Array.from(ipaddr.parse(withoutDottedTail(address)).toByteArray())
}

/** `::8.8.8.8` as `::808:808`: ipaddr.js 2.5 reads the dotted form as `::ffff:8.8.8.8`. */
function withoutDottedTail(address: string): string {
  const match = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  if (!match) return address
  const [, head, ...octets] = match
  const [a = 0, b = 0, c = 0, d = 0] = octets.map(Number)
  return `${head}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}

/** `10.0.0.0/8`, `fd00::/8`, or an address alone; undefined if the text is none of these. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text.trim())
  const bytes = match?.[1] === undefined ? undefined : addressBytes(match[1])
  if (!bytes) return undefined
  const bits = bytes.length * 8
  const prefixLength = match?.[2] === undefined ? bits : Number(match[2])
  return prefixLength > bits ? undefined : { bytes, prefixLength }
}

export function contains(cidr: Cidr, bytes: Uint8Array): boolean {
  if (cidr.bytes.length !== bytes.length) return false
  const whole = cidr.prefixLength >> 3
  for (let i = 0; i < whole; i++) if (cidr.bytes[i] !== bytes[i]) return false
  const rest = cidr.prefixLength & 7
  if (rest === 0) return true
  const shift = 8 - rest
  return (cidr.bytes[whole] as number) >> shift === (bytes[whole] as number) >> shift
}
