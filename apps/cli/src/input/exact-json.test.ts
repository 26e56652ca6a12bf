import { expect, test } from 'vitest'
import { parseExactly } from './exact-json.ts'

test.each(['12345678901234567890', '{"a":[1.0,-0,1E+2],"b":"1.0"}', 'null', '{"n":7}'])(
  '%s is written again as it was',
  (text) => {
    expect(JSON.stringify(parseExactly(text))).toBe(text)
  },
)

test('what is no JSON is refused', () => {
  expect(() => parseExactly('{a:1}')).toThrow(SyntaxError)
})
