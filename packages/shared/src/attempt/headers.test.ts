import { expect, test } from 'vitest'
import { checkCustomHeaders, MAX_CUSTOM_HEADERS, MAX_HEADER_VALUE_LENGTH } from './headers.ts'

const codes = (headers: Record<string, string>) =>
  checkCustomHeaders(headers).map((problem) => problem.code)

test.each([
  'Authorization',
  'X-Api-Key',
  'cookie',
  'accept',
  'x-webhook-id',
  'my-posthorn',
  "a!#$%&'*+.^_`|~9",
  'date',
  'forwarded',
  'x-forwarded-for',
])('%s may be set', (name) => {
  expect(codes({ [name]: 'Bearer abc\t"def" ~' })).toEqual([])
})

test.each([
  'host',
  'Host',
  'HOST',
  'content-length',
  'Content-Type',
  'content-encoding',
  'user-agent',
  'Connection',
  'keep-alive',
  'TE',
  'trailer',
  'Transfer-Encoding',
  'upgrade',
  'Expect',
  'http2-settings',
  'proxy-authorization',
  'Proxy-Connection',
  'webhook-id',
  'Webhook-Signature',
  'WEBHOOK-anything',
  'posthorn-attempt',
  'Posthorn-x',
])('%s is ours or HTTP’s', (name) => {
  expect(codes({ [name]: 'x' })).toEqual(['reserved'])
})

test.each([
  '',
  ' ',
  'a b',
  'a:',
  'a\r\nb',
  'é',
  'a\u0000',
  '(x)',
  'a/b',
  'x'.repeat(129),
  ' host',
  'host ',
])('%j is no header name', (name) => expect(codes({ [name]: 'x' })).toEqual(['name']))

test.each([
  'a\r\nb: c',
  'a\nb',
  'a\rb',
  'é',
  '✓',
  'a\u0000',
  '\u007f',
  ' a',
  'a ',
  '\ta',
  '\u0085',
  '\u2028',
  'x'.repeat(MAX_HEADER_VALUE_LENGTH + 1),
])('%j is no header value', (value) => {
  const [problem, ...more] = checkCustomHeaders({ 'x-a': value })
  expect(problem).toMatchObject({ name: 'x-a', code: 'value' })
  expect(more).toEqual([])
})

test('the same name in two spellings is given twice', () => {
  expect(codes({ 'X-A': '1', 'x-a': '2' })).toEqual(['duplicate'])
})

test('an empty value may be set', () => {
  expect(codes({ 'x-a': '' })).toEqual([])
})

test('number and total size are limited', () => {
  const many = Object.fromEntries(
    Array.from({ length: MAX_CUSTOM_HEADERS }, (_, i) => [`x-${i}`, 'v']),
  )
  expect(codes(many)).toEqual([])
  expect(codes({ ...many, 'x-more': 'v' })).toEqual(['too_many'])
  expect(
    codes({ 'x-a': 'v'.repeat(4_000), 'x-b': 'v'.repeat(4_096), 'x-c': 'v'.repeat(100) }),
  ).toEqual(['too_large'])
})

test('all problems are reported, not the first', () => {
  expect(codes({ host: 'x', 'a b': 'x', 'x-ok': 'fine', 'x-bad': 'a\nb' })).toEqual([
    'reserved',
    'name',
    'value',
  ])
})

test('names that objects treat apart are names like others', () => {
  expect(codes(JSON.parse('{"__proto__":"x","constructor":"y","toString":"z"}'))).toEqual([])
})

test('no problem repeats a value: it is a secret', () => {
  const problems = checkCustomHeaders({ host: 'hunter2', 'x-a': 'hunter2\n', 'x b': 'hunter2' })
  expect(problems.length).toBe(3)
  expect(JSON.stringify(problems)).not.toContain('hunter2')
})
