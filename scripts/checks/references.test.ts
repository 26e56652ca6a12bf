import { expect, test } from 'vitest'
import { brokenLinks, unknownNames } from './references.ts'

const files: Record<string, string> = {
  '': '# Here',
  'docs/a.md': '# First\n\n## Second part: `code`\n',
  'src/a.ts': '',
}

test.each([
  ['[a](docs/a.md)', []],
  ['[a](docs/a.md#second-part-code)', []],
  ['[a](src/a.ts)', []],
  ['[a](#here)', []],
  ['[a](https://example.com/none)', []],
  ['```\n[a](none.md)\n```', []],
  ['[a](docs/none.md)', ['docs/none.md']],
  ['[a](docs/a.md#third)', ['docs/a.md#third']],
  ['[a](#there)', ['#there']],
])('of %s the links that lead nowhere are %j', (text, broken) => {
  expect(brokenLinks(text, (target) => files[target])).toEqual(broken)
})

test('names that are not known are told once each', () => {
  const text = 'POSTHORN_A, POSTHORN_B, POSTHORN_B'
  expect(unknownNames(text, /POSTHORN_[A-Z]+/g, ['POSTHORN_A'])).toEqual(['POSTHORN_B'])
})
