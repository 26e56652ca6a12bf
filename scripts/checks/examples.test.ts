import { expect, test } from 'vitest'
import { looseBlocks, shownExamples, withExamples } from './examples.ts'

const doc = (code: string) =>
  `Before.\n\n<!-- examples/a.sh -->\n\`\`\`sh\n${code}\`\`\`\n\n\`\`\`sh\nother\n\`\`\`\n`

test('a block that shows an example becomes the example; others stay', () => {
  const read = (file: string) => (file === 'examples/a.sh' ? 'echo "$&"\n' : undefined)
  expect(withExamples(doc('old\n'), read)).toBe(doc('echo "$&"\n'))
  expect(withExamples(doc('echo "$&"\n'), read)).toBe(doc('echo "$&"\n'))
})

test('the examples that are shown are told, also one that is not there', () => {
  expect(shownExamples(doc('old\n'))).toEqual(['examples/a.sh'])
  expect(withExamples(doc('old\n'), () => undefined)).toBe(doc('old\n'))
})

test('code that shows no example is told by its first line, a drawing is not', () => {
  expect(looseBlocks(`${doc('old\n')}\n\`\`\`\na ─▶ b\n\`\`\`\n`)).toEqual(['other'])
})
