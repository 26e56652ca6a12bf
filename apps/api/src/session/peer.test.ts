import { type Cidr, parseCidr } from '@posthorn/shared/address/cidr.ts'
import { expect, test } from 'vitest'
import { peerOf } from './peer.ts'

const PROXIES = ['10.0.0.0/8', 'fd00::/8'].map((range) => parseCidr(range) as Cidr)

test.each([
  ['203.0.113.1', undefined, '203.0.113.1'],
  ['::ffff:203.0.113.1', undefined, '203.0.113.1'],
  // Nobody is believed but the proxies, and they only for what they saw themselves.
  ['203.0.113.1', '198.51.100.1', '203.0.113.1'],
  ['10.0.0.1', '198.51.100.1', '198.51.100.1'],
  ['10.0.0.1', '1.2.3.4, 198.51.100.1', '198.51.100.1'],
  ['10.0.0.1', '1.2.3.4, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
  ['fd00::1', '198.51.100.1', '198.51.100.1'],
  ['10.0.0.1', '10.0.0.3', '10.0.0.3'],
  ['10.0.0.1', 'nonsense', '10.0.0.1'],
  ['10.0.0.1', '', '10.0.0.1'],
  [undefined, undefined, 'unknown'],
])('connected from %s with X-Forwarded-For %s it is %s', (remote, forwarded, peer) => {
  expect(peerOf(remote, forwarded, PROXIES)).toBe(peer)
})

test('the addresses of one IPv6 network count as one', () => {
  const [a, b, c] = ['2001:db8::1', '2001:db8::ffff:1', '2001:db8:0:1::1'].map((address) =>
    peerOf(address, undefined, []),
  )
  expect(a).toBe(b)
  expect(a).not.toBe(c)
})
