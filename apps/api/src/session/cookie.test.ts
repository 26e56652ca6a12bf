import { expect, test } from 'vitest'
import { cookieName, cookieValue, type OverHttp, setCookie } from './cookie.ts'

type Row = [encrypted: boolean, forwardedProto: string | undefined, host: string | undefined]

function nameOf([encrypted, forwardedProto, host]: Row, overHttp: OverHttp = 'loopback') {
  return cookieName({ encrypted, forwardedProto, host }, overHttp)
}

test.each<Row>([
  [true, undefined, 'posthorn.example'],
  [false, 'https', 'posthorn.example'],
  [false, 'HTTPS, http', 'posthorn.example'],
  [false, 'https', 'localhost:3000'],
])('over TLS (here %s, forwarded %s) the cookie is bound to its host', (...row) => {
  expect(nameOf(row)).toBe('__Host-posthorn')
  expect(nameOf(row, 'anywhere')).toBe('__Host-posthorn')
})

test.each([
  'localhost',
  'localhost:3000',
  'a.localhost',
  '127.0.0.1:3000',
  '127.1.2.3',
  '[::1]:80',
])('over plain HTTP %s may have a cookie', (host) =>
  expect(nameOf([false, undefined, host])).toBe('posthorn'),
)

test.each([
  'posthorn.example',
  'localhost.example',
  '127.0.0.1.example',
  '127.0.0.1@example.com',
  'xlocalhost',
  '192.168.0.1',
  '',
  undefined,
])('over plain HTTP %s may have none, unless that is allowed', (host) => {
  expect(nameOf([false, undefined, host])).toBeUndefined()
  expect(nameOf([false, 'http, https', host])).toBeUndefined()
  expect(nameOf([false, undefined, host], 'anywhere')).toBe('posthorn')
})

test.each([
  ['posthorn=a', 'a'],
  ['x=1; posthorn=a=b ; y=2', 'a=b'],
  ['__Host-posthorn=a; xposthorn=b', undefined],
  ['posthorn', undefined],
  ['', undefined],
  [undefined, undefined],
])('of %s the session is %s', (header, value) => {
  expect(cookieValue(header, 'posthorn')).toBe(value)
})

test('no script and no other site gets at the cookie, and TLS is required where it came by TLS', () => {
  expect(setCookie('__Host-posthorn', 'id')).toBe(
    '__Host-posthorn=id; Path=/; Max-Age=86400; HttpOnly; SameSite=Strict; Secure',
  )
  expect(setCookie('posthorn', 'id')).toBe(
    'posthorn=id; Path=/; Max-Age=86400; HttpOnly; SameSite=Strict',
  )
  expect(setCookie('posthorn')).toMatch(/^posthorn=; Path=\/; Max-Age=0;/)
})
