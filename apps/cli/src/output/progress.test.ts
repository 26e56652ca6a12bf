import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { Progress } from './progress.ts'

/** What a bar writes on its way from 0 to 4 of 4. */
function written(isTerminal: boolean, isQuiet: boolean): string {
  const stream = new PassThrough()
  // What the bar asks of a terminal, beside writing.
  const terminal = { isTTY: isTerminal, columns: 100, cursorTo: () => true, moveCursor: () => true }
  const rest = { clearLine: () => true, clearScreenDown: () => true }
  const bar = new Progress('redrive', 4, isQuiet, Object.assign(stream, terminal, rest) as never)
  bar.update(2)
  bar.update(4)
  bar.end()
  return String(stream.read() ?? '')
}

test('a bar shows on a terminal how far it is, and fills', () => {
  const text = written(true, false)
  expect(text).toContain('redrive')
  expect(text).toMatch(/█+ 4\/4/)
})

test.each([
  ['where nobody watches', false, false],
  ['with --json', true, true],
])('nothing is written %s', (_where, isTerminal, isQuiet) => {
  expect(written(isTerminal, isQuiet)).toBe('')
})
