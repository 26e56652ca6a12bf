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
  return isIP(address) === 0 ? undefined : Uint8Array.from(ipaddr.parse(address).toByteArray())
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
