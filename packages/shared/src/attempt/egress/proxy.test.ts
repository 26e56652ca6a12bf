import { expect, test } from 'vitest'
import { parseEgressProxy } from './proxy.ts'

test.each([
  ['http://proxy', { hostname: 'proxy', port: 80 }],
  ['http://10.0.0.3:3128/', { hostname: '10.0.0.3', port: 3_128 }],
  ['http://[fd00::3]:3128', { hostname: 'fd00::3', port: 3_128 }],
  [
    'http://us%3Aer:p%40ss@proxy:3128',
    { hostname: 'proxy', port: 3_128, authorization: `Basic ${btoa('us:er:p@ss')}` },
  ],
])('%s', (text, proxy) => {
  expect(parseEgressProxy(text)).toEqual(proxy)
})

test.each([
  'proxy:3128',
  'https://proxy:3128',
  'socks5://proxy:1080',
  'http://',
  'http://proxy:3128/path',
  'http://proxy:3128/?x',
  'http://proxy:3128/#x',
  'http://proxy:99999',
  'http://us%zzer@proxy',
])('%s is refused', (text) => {
  expect(parseEgressProxy(text)).toBeUndefined()
})
