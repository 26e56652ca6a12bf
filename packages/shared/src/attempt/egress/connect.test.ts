import { expect, test } from 'vitest'
import { connectRequest, MAX_ANSWER_BYTES, parseConnectAnswer } from './connect.ts'

const parsed = (text: string) => parseConnectAnswer(Buffer.from(text, 'latin1'))

test('CONNECT names the address and nothing else', () => {
  expect(connectRequest({}, '93.184.216.34', 443)).toBe(
    'CONNECT 93.184.216.34:443 HTTP/1.1\r\nhost: 93.184.216.34:443\r\n\r\n',
  )
  expect(connectRequest({ authorization: 'Basic dTpw' }, '2606:4700::1', 8443)).toBe(
    'CONNECT [2606:4700::1]:8443 HTTP/1.1\r\nhost: [2606:4700::1]:8443\r\nproxy-authorization: Basic dTpw\r\n\r\n',
  )
})

test.each([
  ['HTTP/1.1 200 Connection established\r\n\r\n', 200],
  ['HTTP/1.0 200 \r\n\r\n', 200],
  ['HTTP/1.1 407 Proxy Authentication Required\r\nx: y\r\n\r\nbody', 407],
])('%j is an answer', (text, statusCode) => {
  expect(parsed(text)).toMatchObject({ statusCode, blames: undefined })
})

test('what comes behind the answer is the tunnel’s', () => {
  expect(parsed('HTTP/1.1 200 OK\r\n\r\n\x16\x03')).toMatchObject({ rest: Buffer.from([0x16, 3]) })
})

test.each(['', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\nx: y\r\n\r'])(
  'of %j more has to come',
  (text) => expect(parsed(text)).toBeUndefined(),
)

test.each(['SSH-2.0-x\r\n\r\n', 'HTTP/2 200\r\n\r\n', 'HTTP/1.1 20\r\n\r\n', '\r\n\r\n'])(
  '%j is garbage',
  (text) => expect(parsed(text)).toBe('garbage'),
)

test('an answer that does not end is garbage once it is too long', () => {
  expect(parsed(`HTTP/1.1 200 OK\r\n${'x'.repeat(MAX_ANSWER_BYTES)}`)).toBe('garbage')
})

test.each([
  ['proxy-status: squid; error=connection_refused', 'receiver'],
  ['Proxy-Status: a.example; error=connection_timeout; details="slow"', 'receiver'],
  ['proxy-status: p; error=destination_ip_prohibited', 'rules'],
  ['proxy-status: p; error=proxy_internal_error', 'proxy'],
  ['proxy-status: p; error=something_new', undefined],
  ['X-Squid-Error: ERR_CONNECT_FAIL 111', 'receiver'],
  ['x-squid-error: ERR_ACCESS_DENIED 0', 'rules'],
  ['x-squid-error: ERR_CACHE_ACCESS_DENIED 0', 'proxy'],
  ['x-other: error=connection_refused', undefined],
])('%s blames %s', (header, blames) => {
  expect(parsed(`HTTP/1.1 503 No\r\n${header}\r\n\r\n`)).toMatchObject({ blames })
})
