import { describe, expect, it } from 'vitest'
import { parseExactly, prettyJson } from './exact-json.ts'

describe('a payload is shown with its numbers as they were written', () => {
  it.each(['12345678901234567890', '1.0', '1e400', '-0.10'])('%s', (number) => {
    expect(JSON.stringify(parseExactly(`{"n":${number}}`))).toBe(`{"n":${number}}`)
  })

  it('indents JSON and leaves any other text alone', () => {
    expect(prettyJson('{"a":1.0}')).toBe('{\n  "a": 1.0\n}')
    expect(prettyJson('<html>')).toBe('<html>')
  })
})
