import { expect, it } from 'vitest'
import { safeTarget } from './target.ts'

it.each([
  [undefined, '/'],
  ['/deliveries?status=dead', '/deliveries?status=dead'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  ['/sign-in?to=/sign-in', '/'],
])('after signing in, %s leads to %s: never to another site, never in a circle', (to, target) => {
  expect(safeTarget(to)).toBe(target)
})
