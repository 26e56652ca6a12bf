import { expect, test } from 'vitest'
import { createAddressPolicy } from './policy.ts'
import { checkWebhookUrl, MAX_URL_LENGTH, parseWebhookUrl } from './url.ts'

const policy = createAddressPolicy()

function judged(text: string, by = policy): string {
  const check = checkWebhookUrl(text, by)
  return check.ok ? 'ok' : check.code
}

const LOOPBACK = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.255.255.255',
  '2130706433',
  '0x7f000001',
  '0x7F.1',
  '0x7f.0.0.1',
  '017700000001',
  '0177.0.0.1',
  '0177.1',
  '127.0.0.1.',
  '127.0.0x1',
  '１２７.0.0.1',
  '127。0。0。1',
  '①②⑦.0.0.1',
  '%31%32%37.0.0.1',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::FFFF:7F00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '0',
  '0.0.0.0',
  '0x0',
  '[::]',
]

const OTHERS = [
  '10.0.0.1',
  '167772161',
  '0xa000001',
  '012.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '3232235777',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0xa9.0xfe.0xa9.0xfe',
  '0251.0376.0251.0376',
  '169.254.43518',
  '[::ffff:a9fe:a9fe]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[fc00::1]',
  '[ff02::1]',
  '100.64.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '168.63.129.16',
  '100.100.100.200',
]

for (const scheme of ['http', 'https']) {
  test.each([...LOOPBACK, ...OTHERS])(
    `${scheme}://%s is refused, with a port and a path too`,
    (host) => {
      expect(judged(`${scheme}://${host}`)).toBe('forbidden_address')
      expect(judged(`${scheme}://${host}:8080/hook?x#y`)).toBe('forbidden_address')
      expect(judged(`${scheme.toUpperCase()}:\\\\${host}\\hook`)).toBe('forbidden_address')
      expect(judged(`  ${scheme}:/${host}/\n`)).toBe('forbidden_address')
    },
  )
}

test.each([
  'localhost',
  'LOCALHOST',
  'localhost.',
  'localhost..',
  'a.localhost',
  'a.b.LocalHost.',
  'ｌocalhost',
])('http://%s is refused', (host) => expect(judged(`http://${host}/`)).not.toBe('ok'))

test.each<[string, string]>([
  ['https://example.com', 'ok'],
  ['https://example.com.', 'ok'],
  ['http://example.com:8080/a/b?c=d', 'ok'],
  ['https://localhost.example.com', 'ok'],
  ['https://notlocalhost', 'ok'],
  ['https://bücher.example', 'ok'],
  ['https://8.8.8.8/', 'ok'],
  ['https://[2606:4700:4700::1111]/', 'ok'],
  ['https://user@example.com', 'credentials'],
  ['https://:pw@example.com', 'credentials'],
  ['https://user:pw@127.0.0.1', 'credentials'],
  ['https://example.com@127.0.0.1', 'credentials'],
  ['ftp://example.com', 'scheme'],
  ['file:///etc/passwd', 'scheme'],
  ['gopher://127.0.0.1:6379/_x', 'scheme'],
  ['javascript:alert(1)', 'scheme'],
  ['data:,x', 'scheme'],
  ['ws://example.com', 'scheme'],
  ['unix:/var/run/docker.sock', 'scheme'],
  ['', 'malformed'],
  ['example.com', 'malformed'],
  ['//example.com', 'malformed'],
  ['/hook', 'malformed'],
  ['https://', 'malformed'],
  ['https://.', 'malformed'],
  ['https://exa mple.com', 'malformed'],
  ['https://example.com:99999', 'malformed'],
  ['https://[::1', 'malformed'],
  ['https://[fe80::1%25eth0]/', 'malformed'],
  ['https://1.2.3.4.5', 'malformed'],
  ['https://256.256.256.256', 'malformed'],
  [`https://example.com/${'a'.repeat(MAX_URL_LENGTH)}`, 'too_long'],
])('%s: %s', (text, expected) => {
  expect(judged(text)).toBe(expected)
})

test('a URL is parsed once into what a request needs', () => {
  const check = checkWebhookUrl('HTTPS://Example.COM:443/a b?c=d e#frag', policy)
  const url = {
    href: 'https://example.com/a%20b?c=d%20e#frag',
    origin: 'https://example.com',
    path: '/a%20b?c=d%20e',
    hostname: 'example.com',
  }
  expect(check).toEqual({ ok: true, url })
  expect(parseWebhookUrl(url.href)).toEqual(url)
  expect(parseWebhookUrl('http://[2606:4700::1]:8080').hostname).toBe('2606:4700::1')
})

test('the allow list opens literals and, with loopback, the name localhost', () => {
  const loopback = createAddressPolicy(['127.0.0.0/8', '::1/128'])
  for (const host of ['127.0.0.1', '127.1', '[::1]', 'localhost', 'a.localhost', '2130706433']) {
    expect(judged(`http://${host}:3000/`, loopback)).toBe('ok')
  }
  expect(judged('http://10.0.0.1/', loopback)).toBe('forbidden_address')
  expect(judged('http://localhost/', createAddressPolicy(['10.0.0.0/8']))).toBe('forbidden_host')
})
