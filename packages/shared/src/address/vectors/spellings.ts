import { parseV4 } from './registry.ts'

const FULL_WIDTH = 0xff10 - 0x30
/** ① is U+2460, ⓪ U+24EA. */
const circled = (digit: string): string =>
  digit === '0' ? '\u24ea' : String.fromCodePoint(0x2460 + Number(digit) - 1)
const percent = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')

/** Every way of writing an IPv4 address into a URL that some parser somewhere takes for it. */
export function spellingsOfV4(address: string): string[] {
  const octets = address.split('.').map(Number)
  const [a = 0, b = 0, c = 0, d = 0] = octets
  const whole = Number(parseV4(address))
  const hex = octets.map((octet) => `0x${octet.toString(16)}`)
  const octal = octets.map((octet) => `0${octet.toString(8)}`)
  const two = b * 65_536 + c * 256 + d
  const three = c * 256 + d
  return [
    address,
    `${address}.`,
    String(whole),
    `${whole}.`,
    `0x${whole.toString(16)}`,
    `0X${whole.toString(16).toUpperCase().padStart(8, '0')}`,
    `0x0000000000${whole.toString(16)}`,
    `0${whole.toString(8)}`,
    `000000${whole.toString(8)}`,
    hex.join('.'),
    octal.join('.'),
    octal.map((octet) => `0000${octet}`).join('.'),
    `${hex[0]}.${b}.${octal[2]}.${d}`,
    `${octal[0]}.${hex[1]}.${c}.${hex[3]}`,
    `${a}.${two}`,
    `${hex[0]}.0x${two.toString(16)}`,
    `${octal[0]}.0${two.toString(8)}`,
    `${a}.${b}.${three}`,
    `${a}.${b}.0x${three.toString(16)}`,
    address.replaceAll(/\d/g, (x) => String.fromCodePoint(x.charCodeAt(0) + FULL_WIDTH)),
    address.replaceAll(/\d/g, circled),
    address.replaceAll('.', '\u3002'),
    address.replaceAll('.', '\uff0e'),
    address.replaceAll('.', '\uff61'),
    percent(address),
    address.replaceAll('.', '%2e'),
    percent(address.replaceAll('.', '\u3002')),
    `${address}\u00ad`,
    address.replace('.', '.\u200b'),
    address.replace('.', '.\t'),
    address.replace('.', '\n.'),
    `[::ffff:${address}]`,
    `user@${address}`,
    `user:password@${address}`,
    `example.com@${address}`,
    `example.com%40${address}`,
    `example.com:80@${address}`,
    `${address}\\.example.com`,
    `${address}#@example.com`,
    `${address}?@example.com`,
    `${address}/@example.com`,
  ]
}

/** IPv6 addresses that carry an IPv4 one, to which a stack, translator or tunnel would send. */
export function embeddingsOfV4(address: string): string[] {
  const value = parseV4(address)
  const group = (bits: bigint) => (bits & 0xffffn).toString(16)
  const groups = `${group(value >> 16n)}:${group(value)}`
  const inverted = value ^ 0xffffffffn
  return [
    `::ffff:${address}`,
    `::ffff:${groups}`,
    `::FFFF:${groups.toUpperCase()}`,
    `0:0:0:0:0:ffff:${groups}`,
    `0000:0000:0000:0000:0000:ffff:${address}`,
    `::${groups}`, // IPv4-compatible
    `::ffff:0:${groups}`, // IPv4-translated
    `64:ff9b::${address}`, // NAT64
    `64:ff9b::${groups}`,
    `64:ff9b:1::${groups}`, // NAT64 of a site
    `2002:${groups}::1`, // 6to4
    `2001:0:4136:e378:8000:63bf:${group(inverted >> 16n)}:${group(inverted)}`, // Teredo
    `2001:0:${groups}:0:0:0:0`, // Teredo's server
    `fe80::5efe:${groups}`, // ISATAP
    `fe80::200:5efe:${groups}`,
    `2606:4700::5efe:${groups}`,
    `2606:4700::200:5efe:${groups}`,
  ]
}

/** Ways of writing an IPv6 address between brackets. */
export function spellingsOfV6(address: string): string[] {
  const padded = address.replaceAll(/[0-9a-f]+/gi, (group) => group.padStart(4, '0'))
  return [
    `[${address}]`,
    `[${address.toUpperCase()}]`,
    ...(address.includes('.') ? [] : [`[${padded}]`]),
    `[${address}%25lo]`,
    `[${address}%lo]`,
    `%5b${address}%5d`,
    `user@[${address}]`,
  ]
}
