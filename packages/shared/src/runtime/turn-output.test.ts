import { execFileSync } from 'node:child_process'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createLogger } from './log.ts'
import { TurnOutput } from './turn-output.ts'

function logInto(writes: string[]) {
  const output = new TurnOutput({ write: (lines) => void writes.push(lines) })
  return createLogger('test', { logLevel: 'info' }, output)
}

const numbers = (lines: string) =>
  lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).number)

test('the lines of outcomes that come in one turn are written together at its end', async () => {
  const writes: string[] = []
  const log = logInto(writes)
  await Promise.all([1, 2, 3].map(async (number) => log.info({ number }, 'attempt')))
  await nextTurn()
  log.info({ number: 4 }, 'attempt')
  await nextTurn()
  expect(writes.map(numbers)).toEqual([[1, 2, 3], [4]])
})

test('what tells of trouble is written at once, after what came before it', () => {
  const writes: string[] = []
  const log = logInto(writes)
  log.info({ number: 1 }, 'attempt')
  log.warn({ number: 2 }, 'trouble')
  log.error({ number: 3 }, 'more of it')
  expect(writes.map(numbers)).toEqual([[1, 2], [3]])
})

test('a turn that logs much writes before its end', () => {
  const writes: string[] = []
  const log = logInto(writes)
  for (let number = 0; number < 1_000; number++) log.info({ number }, 'attempt')
  expect(writes.length).toBeGreaterThan(0)
})

test.each(['throw new Error("unforeseen")', 'process.exit(1)'])(
  'a process that ends by %s has written its lines',
  (end) => {
    const script = `
    import { createLogger } from '${new URL('log.ts', import.meta.url).href}'
    createLogger('test', { logLevel: 'info' }).info({ number: 1 }, 'attempt')
    ${end}`
    let output = ''
    try {
      execFileSync(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'pipe' })
    } catch (error) {
      output = String((error as { stdout: Buffer }).stdout)
    }
    expect(numbers(output)).toEqual([1])
  },
)
