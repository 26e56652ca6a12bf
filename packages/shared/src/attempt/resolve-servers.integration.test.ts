import { afterEach, expect, test } from 'vitest'
import { type DnsScript, startDnsServer, type TestDnsServer } from '../testing/dns-server.ts'
import { lookupByServers } from './resolve-servers.ts'

const open: TestDnsServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

/** Addresses, or the code of the error. */
async function ask(name: string, script: DnsScript): Promise<string> {
  const server = await startDnsServer(script)
  open.push(server)
  return await new Promise((resolve) =>
    lookupByServers([server.address])(name, (error, addresses) =>
      resolve(
        error
          ? `${(error as NodeJS.ErrnoException).code}`
          : addresses.map(({ address, family }) => `${address}/${family}`).join(),
      ),
    ),
  )
}

const both = ['192.0.2.1', '192.0.2.2', '2001:db8::1']

test.each<[string, DnsScript, string]>([
  ['all addresses of both families', () => both, '192.0.2.1/4,192.0.2.2/4,2001:db8::1/6'],
  ['a name with IPv4 alone', () => ['192.0.2.1'], '192.0.2.1/4'],
  ['a name with IPv6 alone', () => ['2001:db8::1'], '2001:db8::1/6'],
  [
    'a server that fails for IPv6',
    (_name, family) => (family === 6 ? 'SERVFAIL' : both),
    '192.0.2.1/4,192.0.2.2/4',
  ],
  ['a name without addresses', () => [], 'ENODATA'],
  ['no such name', () => 'NXDOMAIN', 'ENOTFOUND'],
  ['a server that fails', () => 'SERVFAIL', 'ESERVFAIL'],
  ['a server that refuses', () => 'REFUSED', 'EREFUSED'],
  ['no IPv4 and a failure for IPv6', (_n, family) => (family === 6 ? 'SERVFAIL' : []), 'ESERVFAIL'],
])('%s', async (_what, script, expected) => {
  expect(await ask('hooks.example', script)).toBe(expected)
})

test('servers that are silent are given up within a few seconds', async () => {
  const started = performance.now()
  expect(await ask('hooks.example', () => 'silence')).toBe('ETIMEOUT')
  expect(performance.now() - started).toBeLessThan(6_000)
})

test('a server is asked for nothing but the name itself, and again each time', async () => {
  const server = await startDnsServer(() => ['192.0.2.1'])
  open.push(server)
  const lookup = lookupByServers([server.address])
  for (let i = 0; i < 2; i++) await new Promise<void>((resolve) => lookup('one', () => resolve()))
  expect(server.questions.sort()).toEqual(['one/4', 'one/4', 'one/6', 'one/6'])
})
