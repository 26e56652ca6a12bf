import { pino, stdTimeFunctions } from 'pino'
import { expect, test } from 'vitest'
import { createLogger } from './log.ts'
import { writeFields } from './log-line.ts'
import { redacted } from './redact.ts'

/** The lines of a logger of Pino's own kind, and of the same with lines of ours. */
function sameTwice(log: (to: ReturnType<typeof pino>) => void): [string[], string[]] {
  const base = { name: 'test', pid: 7 }
  const lines = [false, true].map((isOurs) => {
    const written: string[] = []
    const stream = { write: (line: string) => written.push(line) }
    const hooks = isOurs ? { hooks: { logMethod: writeFields(base, stream) } } : {}
    const formatters = { log: redacted }
    log(pino({ base, timestamp: stdTimeFunctions.isoTime, formatters, ...hooks }, stream))
    return written.map((line) => line.replace(/"time":"[\dT:.-]+Z"/, '"time":"then"'))
  })
  return lines as [string[], string[]]
}

test.each([
  ['fields', { event: 'evt_1', number: 1, isLast: true, none: null, missing: undefined }],
  ['no fields', {}],
  ['text that needs escapes', { text: 'a "b" \\ \n\u2028\u0001é', '"name"': 1 }],
  ['what is no number', { one: Number.NaN, other: Number.POSITIVE_INFINITY }],
  ['lists and what is nested', { list: ['a', { b: 1 }], of: { which: [] }, secret: 'hidden' }],
  ['a function', { run: () => 1, toJSON: () => ({ name: 'shown', token: 'hidden' }) }],
])('a line of %s is the same as Pino would write it', (_, fields) => {
  const [theirs, ours] = sameTwice((log) => log.info(fields, 'a "message"'))
  expect(ours).toEqual(theirs)
})

test('what is no fields with a message goes the way of Pino', () => {
  const [theirs, ours] = sameTwice((log) => {
    log.info('alone')
    log.info('of %s', 'two')
    log.info({ a: 1 })
    log.info({ a: 1 }, 'of %d', 2)
  })
  expect(ours).toEqual(theirs)
})

test('an integer that JSON does not know is a text', () => {
  const lines: string[] = []
  createLogger('test', { logLevel: 'info' }, { write: (line) => lines.push(line) }).info(
    { big: 2n ** 64n, list: [1n] },
    'message',
  )
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ big: '18446744073709551616', list: ['1'] })
})

test("an error's code may be anything, and hides its secrets", () => {
  const lines: string[] = []
  const log = createLogger('test', { logLevel: 'info' }, { write: (line) => lines.push(line) })
  for (const code of [{ token: 'hidden' }, 1n]) {
    log.error({ err: Object.assign(new Error('failed'), { code }) }, 'message')
  }
  const codes = lines.map((line) => JSON.parse(line).err.code)
  expect(codes).toEqual([{ token: '***' }, '1'])
})

test('a level that is off writes nothing', () => {
  const lines: string[] = []
  const log = createLogger('test', { logLevel: 'info' }, { write: (line) => lines.push(line) })
  log.debug({ a: 1 }, 'message')
  expect(lines).toEqual([])
})
