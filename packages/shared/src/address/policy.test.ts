import { expect, test } from 'vitest'
import { AllowCidrError, createAddressPolicy } from './policy.ts'
import { METADATA } from './vectors/registry.ts'

const policy = createAddressPolicy()

// First, last and the neighbours of each range of the IANA special-purpose registries.
const FORBIDDEN_V4: [first: string, last: string, range: string][] = [
  ['0.0.0.0', '0.255.255.255', 'unspecified'],
  ['10.0.0.0', '10.255.255.255', 'private'],
  ['100.64.0.0', '100.127.255.255', 'private'],
  ['127.0.0.0', '127.255.255.255', 'loopback'],
  ['169.254.0.0', '169.254.255.255', 'link_local'],
  ['172.16.0.0', '172.31.255.255', 'private'],
  ['192.0.0.0', '192.0.0.255', 'reserved'],
  ['192.0.2.0', '192.0.2.255', 'reserved'],
  ['192.31.196.0', '192.31.196.255', 'reserved'],
  ['192.52.193.0', '192.52.193.255', 'reserved'],
  ['192.88.99.0', '192.88.99.255', 'reserved'],
  ['192.168.0.0', '192.168.255.255', 'private'],
  ['192.175.48.0', '192.175.48.255', 'reserved'],
  ['198.18.0.0', '198.19.255.255', 'reserved'],
  ['198.51.100.0', '198.51.100.255', 'reserved'],
  ['203.0.113.0', '203.0.113.255', 'reserved'],
  ['224.0.0.0', '239.255.255.255', 'multicast'],
  ['240.0.0.0', '255.255.255.255', 'reserved'],
]

const ALLOWED_V4 = [
  '1.0.0.0',
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '168.63.129.15',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '191.255.255.255',
  '192.0.1.0',
  '192.0.3.0',
  '192.31.195.255',
  '192.31.197.0',
  '192.52.192.255',
  '192.52.194.0',
  '192.88.98.255',
  '192.88.100.0',
  '192.167.255.255',
  '192.169.0.0',
  '192.175.47.255',
  '192.175.49.0',
  '198.17.255.255',
  '198.20.0.0',
  '198.51.99.255',
  '198.51.101.0',
  '203.0.112.255',
  '203.0.114.0',
  '223.255.255.255',
]

const EMBEDDED_METADATA = ['::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe']

const FORBIDDEN_V6: [address: string, range: string][] = [
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['0:0:0:0:0:0:0:1', 'loopback'],
  ['::2', 'reserved'],
  ['::127.0.0.1', 'reserved'], // IPv4-compatible
  ['::8.8.8.8', 'reserved'],
  ['::ffff:0:127.0.0.1', 'reserved'], // IPv4-translated
  ['64:ff9b:1::1', 'private'],
  ['64:ff9b:1:ffff:ffff:ffff:ffff:ffff', 'private'],
  ['64:ff9b:0:1::8.8.8.8', 'reserved'],
  ['100::', 'reserved'],
  ['100::1', 'reserved'],
  ['100:0:0:1::1', 'reserved'],
  ['1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'reserved'],
  ['2001::', 'reserved'],
  ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'reserved'], // Teredo
  ['2001:2::1', 'reserved'],
  ['2001:20::1', 'reserved'],
  ['2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', 'reserved'],
  ['2001:db8::1', 'reserved'],
  ['2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', 'reserved'],
  ['2002:7f00:1::1', 'reserved'], // 6to4 of 127.0.0.1
  ['2002:808:808::1', 'reserved'],
  ['2620:4f:8000::1', 'reserved'],
  ['3fff::1', 'reserved'],
  ['3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', 'reserved'],
  ['4000::', 'reserved'],
  ['5f00::1', 'reserved'],
  ['9000::1', 'reserved'],
  ['fc00::', 'private'],
  ['fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'private'],
  ['fe80::1', 'link_local'],
  ['fe80::1%eth0', 'link_local'],
  ['febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'link_local'],
  ['fec0::1', 'private'],
  ['feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'private'],
  ['ff00::', 'multicast'],
  ['ff02::1', 'multicast'],
  ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'multicast'],
  ['2606:4700::5efe:10.0.0.1', 'private'], // ISATAP
  ['2606:4700::200:5efe:192.168.0.1', 'private'],
]

const ALLOWED_V6 = [
  '2000::1',
  '2001:200::1',
  '2001:4860:4860::8888',
  '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff',
  '2001:db9::1',
  '2003::1',
  '2606:4700:4700::1111',
  '2620:4f:7fff::1',
  '2620:4f:8001::1',
  '2a00:1450:4001::200e',
  '3ffe:ffff::1',
  '3fff:1000::1',
  '2606:4700::5efe:8.8.8.8',
]

const NO_ADDRESS = [
  '',
  ' ',
  'localhost',
  'example.com',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '017700000001',
  '0177.0.0.1',
  '127.0.0.1.',
  ' 127.0.0.1',
  '127.0.0.1 ',
  '127.0.0.256',
  '127.0.0',
  '127.0.0.1:80',
  '[::1]',
  '::1::',
  '1:2:3:4:5:6:7:8:9',
  '::ffff:127.0.0.256',
  '１２７.0.0.1',
  '8.8.8.8/32',
  '::g',
]

const judgement = (address: string) => {
  const verdict = policy.judge(address)
  return verdict.allowed ? 'allowed' : verdict.range
}

test.each(FORBIDDEN_V4)(
  '%s to %s are refused, as is every form that embeds them',
  (first, last, range) => {
    for (const v4 of [first, last]) {
      for (const form of [v4, `::ffff:${v4}`, `0:0:0:0:0:ffff:${v4}`, `64:ff9b::${v4}`]) {
        expect(judgement(form), form).toBe(range)
      }
      expect(judgement(`2606:4700::5efe:${v4}`)).toBe(range)
      for (const form of [`::${v4}`, `::ffff:0:${v4}`, `2002:${hex(v4)}::1`, `2001:0:1:1::${v4}`]) {
        expect(policy.allows(form), form).toBe(false)
      }
    }
  },
)

test.each(ALLOWED_V4)('%s is allowed, mapped and through NAT64 too', (address) => {
  for (const form of [
    address,
    `::ffff:${address}`,
    `64:ff9b::${address}`,
    `::ffff:${hex(address)}`,
  ]) {
    expect(judgement(form), form).toBe('allowed')
  }
})

test.each([...METADATA, ...EMBEDDED_METADATA])('%s is a metadata service', (address) => {
  expect(judgement(address)).toBe('metadata')
})

test.each(FORBIDDEN_V6)('%s is %s', (address, range) => {
  expect(judgement(address)).toBe(range)
  expect(judgement(address.toUpperCase())).toBe(range)
})

test.each(ALLOWED_V6)('%s is allowed', (address) => {
  expect(judgement(address)).toBe('allowed')
})

test.each(NO_ADDRESS)('%j is no address and is refused', (text) => {
  expect(judgement(text)).toBe('invalid')
})

test('every first octet and every first IPv6 group is judged as the registries say', () => {
  for (let octet = 0; octet < 256; octet++) {
    const special = octet === 0 || octet === 10 || octet === 127 || octet >= 224
    expect(policy.allows(`${octet}.200.200.1`), `${octet}`).toBe(!special)
  }
  for (let group = 0; group < 0x10000; group++) {
    const unicast = group >= 0x2000 && group < 0x4000 && group !== 0x2002
    expect(policy.allows(`${group.toString(16)}:1000::1`), group.toString(16)).toBe(unicast)
  }
})

test('the allow list opens what it holds and nothing beside it', () => {
  const allowing = createAddressPolicy([
    '10.1.0.0/16',
    ' 127.0.0.1 ',
    'fd00:1::/32',
    '169.254.169.254/32',
  ])
  for (const address of [
    '10.1.0.0',
    '10.1.255.255',
    '127.0.0.1',
    'fd00:1::1',
    '169.254.169.254',
    '::ffff:10.1.2.3',
    '64:ff9b::10.1.2.3',
    '8.8.8.8',
    '2606:4700::1',
  ]) {
    expect(allowing.allows(address), address).toBe(true)
  }
  for (const address of [
    '10.0.255.255',
    '10.2.0.0',
    '127.0.0.2',
    'fd00:2::1',
    '169.254.169.253',
    '::1',
    '::ffff:10.2.0.0',
    '2002:a01:1::1',
    '::10.1.2.3',
    'nonsense',
  ]) {
    expect(allowing.allows(address), address).toBe(false)
  }
})

test('prefixes that do not end at a byte are kept to the bit', () => {
  const allowing = createAddressPolicy(['10.32.0.0/11', '192.168.1.128/25', 'fc00::/9'])
  expect(allowing.allows('10.63.255.255')).toBe(true)
  expect(allowing.allows('10.64.0.0')).toBe(false)
  expect(allowing.allows('192.168.1.128')).toBe(true)
  expect(allowing.allows('192.168.1.127')).toBe(false)
  expect(allowing.allows('fc7f::1')).toBe(true)
  expect(allowing.allows('fc80::1')).toBe(false)
})

test.each([
  '',
  'x',
  '10.0.0.0/33',
  '10.0.0/8',
  '::/129',
  '10.0.0.0/-1',
  '10.0.0.0/8/8',
  'fe80::%1/64',
  '10.0.0.0/',
])('the allow list entry %j is refused by name', (entry) => {
  expect(() => createAddressPolicy([entry])).toThrow(AllowCidrError)
  expect(() => createAddressPolicy([entry])).toThrow(JSON.stringify(entry))
})

/** The two IPv6 groups that spell an IPv4 address. */
function hex(v4: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = v4.split('.').map(Number)
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}
