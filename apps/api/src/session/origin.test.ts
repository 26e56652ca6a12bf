import { expect, test } from 'vitest'
import { isSameOrigin } from './origin.ts'

test.each<[string | undefined, string | undefined, string | undefined, boolean]>([
  ['posthorn.example', 'https://posthorn.example', 'same-origin', true],
  ['posthorn.example', 'https://posthorn.example', undefined, true],
  ['posthorn.example:443', 'https://posthorn.example', undefined, true],
  ['localhost:3000', 'http://localhost:3000', undefined, true],
  // A proxy that changes Host: the browser knows better.
  ['api:3000', 'https://posthorn.example', 'same-origin', true],
  ['posthorn.example', 'https://posthorn.example', 'same-site', false],
  ['posthorn.example', 'https://posthorn.example', 'cross-site', false],
  ['posthorn.example', undefined, 'none', false],
  ['posthorn.example', 'https://evil.example', undefined, false],
  ['posthorn.example', 'https://posthorn.example:8443', undefined, false],
  ['posthorn.example', 'https://posthorn.example.evil.example', undefined, false],
  ['posthorn.example', 'null', undefined, false],
  ['posthorn.example', 'file://', undefined, false],
  ['posthorn.example', undefined, undefined, false],
  [undefined, 'https://posthorn.example', undefined, false],
])('to %s from %s, Sec-Fetch-Site %s: %s', (host, origin, fetchSite, same) => {
  expect(isSameOrigin({ host, origin, fetchSite })).toBe(same)
})
