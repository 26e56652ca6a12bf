import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { expect, test } from 'vitest'
import { createAddressPolicy } from './policy.ts'
import { checkWebhookUrl } from './url.ts'

const NUM_RUNS = 2_000
const policy = createAddressPolicy()

type Octets = [number, number, number, number]

type Range = [address: ipaddr.IPv4 | ipaddr.IPv6, prefixLength: number]
const isRange = (value: unknown): value is Range => !Array.isArray((value as unknown[])[0])

/** Addresses on both sides of every edge that ipaddr.js knows, and any others. */
function nearEdges(length: 4 | 16): fc.Arbitrary<number[]> {
  const kind = length === 4 ? ipaddr.IPv4 : ipaddr.IPv6
  // Its type declarations leave it out.
  const { SpecialRanges } = kind.prototype as unknown as { SpecialRanges: object }
  const named: unknown[] = Object.values(SpecialRanges)
  const ranges = named.flatMap((each) => (isRange(each) ? [each] : (each as Range[])))
  const edges = ranges.flatMap(([address, bits]) => edgesOf(address.toByteArray(), bits))
  const any = fc.array(fc.nat(255), { minLength: length, maxLength: length })
  const global = any.map(([first = 0, ...rest]) => [0x20 | (first & 0x1f), ...rest])
  return fc.oneof(length === 4 ? any : fc.oneof(any, global), fc.constantFrom(...edges))
}

/** The first and last address of a range, and their neighbours. */
function edgesOf(bytes: number[], prefixLength: number): number[][] {
  const size = BigInt(bytes.length * 8)
  const first = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  const last = first + (1n << (size - BigInt(prefixLength))) - 1n
  return [first - 1n, first, last, last + 1n]
    .map((each) => BigInt.asUintN(Number(size), each))
    .map((each) => [...Buffer.from(each.toString(16).padStart(bytes.length * 2, '0'), 'hex')])
}

const v4 = nearEdges(4) as fc.Arbitrary<Octets>
const v6 = nearEdges(16)

const dotted = (octets: readonly number[]) => octets.join('.')
const groupsOf = (bytes: readonly number[]) =>
  Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0))
const full = (bytes: readonly number[]) =>
  groupsOf(bytes)
    .map((group) => group.toString(16).padStart(4, '0'))
    .join(':')

/** Spellings of one IPv6 address, as RFC 4291, 2.2 allows them. */
function spellingsOf(bytes: number[]): string[] {
  const short = groupsOf(bytes).map((group) => group.toString(16))
  const tail = dotted(bytes.slice(12))
  const compressed = new ipaddr.IPv6(bytes).toRFC5952String()
  return [
    full(bytes),
    full(bytes).toUpperCase(),
    short.join(':'),
    `${short.slice(0, 6).join(':')}:${tail}`,
    compressed,
    compressed.toUpperCase(),
    `${compressed}%eth0`,
    ...(bytes.slice(0, 12).every((byte) => byte === 0) ? [`::${tail}`] : []),
  ]
}

test('every spelling of an IPv6 address is judged the same', () => {
  const property = fc.property(v6, (bytes) => {
    const [first, ...others] = spellingsOf(bytes).map((text) => policy.judge(text))
    for (const other of others) expect(other).toEqual(first)
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})

test('every spelling of an IPv4 address in a URL is judged as its dotted form', () => {
  const hex = (value: number) => `0x${value.toString(16)}`
  const octal = (value: number) => `0${value.toString(8)}`
  const property = fc.property(v4, ([a, b, c, d]) => {
    const low = (c << 8) | d
    const whole = ((a << 24) | (b << 16) | low) >>> 0
    const mapped = `${hex((a << 8) | b)}:${hex(low)}`.replaceAll('0x', '')
    const hosts = [
      dotted([a, b, c, d]),
      ...[String(whole), hex(whole), octal(whole)],
      ...[[a, b, c, d].map(hex).join('.'), [a, b, c, d].map(octal).join('.')],
      ...[`${a}.${b}.${low}`, `${hex(a)}.${(b << 16) | low}`, `${dotted([a, b, c, d])}.`],
      ...[`[::ffff:${dotted([a, b, c, d])}]`, `[::ffff:${mapped}]`, `[64:ff9b::${mapped}]`],
    ]
    const expected = policy.allows(dotted([a, b, c, d]))
    for (const host of hosts) {
      expect(checkWebhookUrl(`http://${host}/`, policy).ok, host).toBe(expected)
    }
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})

test('no tunnel or translation leads to a forbidden IPv4 address', () => {
  const prefix = fc.array(fc.nat(255), { minLength: 8, maxLength: 8 })
  const property = fc.property(v4, prefix, (octets, [, ...rest]) => {
    fc.pre(!policy.allows(dotted(octets)))
    const inverted = octets.map((octet) => octet ^ 0xff)
    const carriers: Record<string, number[]> = {
      mapped: [...zeros(10), 0xff, 0xff, ...octets],
      compatible: [...zeros(12), ...octets],
      translated: [...zeros(8), 0xff, 0xff, 0, 0, ...octets],
      nat64: [0x00, 0x64, 0xff, 0x9b, ...zeros(8), ...octets],
      '6to4': [0x20, 0x02, ...octets, ...zeros(10)],
      teredo: [0x20, 0x01, 0, 0, ...rest.slice(0, 4), ...rest.slice(0, 4), ...inverted],
      isatap: [0x26, ...rest, 0, 0, 0x5e, 0xfe, ...octets],
      'isatap of a global address': [0x26, ...rest, 2, 0, 0x5e, 0xfe, ...octets],
    }
    for (const [name, bytes] of Object.entries(carriers)) {
      expect(policy.allows(full(bytes)), `${name} ${full(bytes)}`).toBe(false)
    }
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0)

test('what ipaddr.js holds for special is refused, and what is refused beyond it is listed', () => {
  const property = fc.property(fc.oneof(v4, v6), (bytes) => {
    const address = ipaddr.fromByteArray(bytes)
    const { allowed } = policy.judge(address.toString())
    if (LEADS_TO_IPV4.some((range) => inside(address, range))) {
      expect(allowed, String(address)).toBe(policy.allows(dotted(bytes.slice(12))))
    } else {
      const refused = address.range() !== 'unicast' || beyond(address)
      expect(allowed, `${address} ${address.range()}`).toBe(!refused)
    }
  })
  fc.assert(property, { numRuns: 2 * NUM_RUNS })
})

/** Special to ipaddr.js; to us they are the IPv4 address that they carry. */
const LEADS_TO_IPV4 = ['::ffff:0:0/96', '64:ff9b::/96']

/** Refused though ipaddr.js calls them unicast: metadata services that have public addresses. */
const METADATA = ['168.63.129.16/32', '192.80.8.124/32']

function beyond(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.kind() === 'ipv4') return METADATA.some((range) => inside(address, range))
  // Nothing is assigned outside global unicast.
  return !inside(address, '2000::/3')
}

function inside(address: ipaddr.IPv4 | ipaddr.IPv6, range: string): boolean {
  const [of, prefixLength] = ipaddr.parseCIDR(range)
  return of.kind() === address.kind() && address.match(of, prefixLength)
}
