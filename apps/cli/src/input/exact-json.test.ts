import { expect, test } from 'vitest'
import { changedNumber, parseExactly } from './exact-json.ts'

test.each(['12345678901234567890', '{"a":[1.0,-0,1E+2],"b":"1.0"}', 'null', '{"n":7}'])(
  '%s is written again as it was',
  (text) => {
    expect(JSON.stringify(parseExactly(text))).toBe(text)
  },
)

test('what is no JSON is refused', () => {
  expect(() => parseExactly('{a:1}')).toThrow(SyntaxError)
})

// Node 20 cannot write a number as it was read; it must not change one in silence.
test.each([
  ['{"a":[1,-2.5,0,1e21],"b":"1.0"}', '1e21'],
  ['{"a":[1,-2.5,0],"1.0":"1.0\\"2.0"}', undefined],
  ['12345678901234567890', '12345678901234567890'],
  ['{"a":-0}', '-0'],
])('the first number of %s that would be changed is %s', (text, changed) => {
  expect(changedNumber(text)).toBe(changed)
})
