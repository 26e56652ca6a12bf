import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { OutageLog } from './outage-log.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const refused: Error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
const full: Error = Object.assign(new Error('OOM command not allowed'), { name: 'ReplyError' })

function started() {
  const lines: [message: string, fields: object][] = []
  const note = (fields: object, message: string) => void lines.push([message, fields])
  return {
    outages: new OutageLog({ log: { warn: note, info: note } }),
    lines,
    messages: () => lines.map(([message]) => message),
  }
}

/** Each of four connections fails once a second. */
function fail(outages: OutageLog, seconds: number, error = refused): void {
  for (let second = 0; second < seconds; second++) {
    for (let connection = 0; connection < 4; connection++) outages.note(error)
    vi.advanceTimersByTime(1_000)
  }
}

test('an outage is told once when it begins and once when it is over, with its duration', () => {
  const { outages, lines, messages } = started()
  fail(outages, 21)
  expect(messages()).toEqual(['Redis is away'])
  vi.advanceTimersByTime(5_000)
  expect(messages()).toEqual(['Redis is away', 'Redis is back'])
  expect(lines[1]?.[1]).toEqual({ lastedMs: 20_000, failures: 84 })
  fail(outages, 2)
  expect(messages().slice(2)).toEqual(['Redis is away'])
})

test('one that lasts is told again once a minute', () => {
  const { outages, messages } = started()
  fail(outages, 130)
  expect(messages()).toEqual(['Redis is away', 'Redis is still away', 'Redis is still away'])
})

test('a full Redis is told apart from one that is away', () => {
  const { outages, messages } = started()
  fail(outages, 3, full)
  fail(outages, 5)
  expect(messages()).toEqual([
    'Redis is full and refuses writes',
    'Redis is away',
    'Redis takes writes again',
  ])
})

test('an error that is not Redis’ is left to the caller', () => {
  const { outages, lines } = started()
  expect(outages.note(new Error('no such webhook'))).toBe(false)
  expect(lines).toEqual([])
})
