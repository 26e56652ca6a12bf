import { expect, it } from 'vitest'
import { matching } from './matching.ts'

const ATTEMPT = { outcome: 'http_error', type: 'user.created', webhook: 'wh_1' } as const

it.each([
  [{}, true],
  [{ show: 'failed' }, true],
  [{ show: 'succeeded' }, false],
  [{ type: 'user' }, true],
  [{ type: 'order' }, false],
  [{ webhook: 'wh_1', show: 'failed' }, true],
  [{ webhook: 'wh_2' }, false],
])('a failed attempt of user.created with the filter %j is shown: %s', (filter, shown) => {
  expect(matching(filter)(ATTEMPT)).toBe(shown)
})
