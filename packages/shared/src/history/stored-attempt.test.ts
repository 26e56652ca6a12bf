import { expect, test } from 'vitest'
import { decodeAttempt, decodeRecent, encodeAttempt, encodeRecent } from './stored-attempt.ts'

const summary = {
  trigger: 'manual' as const,
  startedMs: 1_795_510_527_047,
  durationMs: 12.5,
  outcome: 'http_error' as const,
  statusCode: 500,
  responseBytes: 3,
}
const headers = [
  ['x-a', '1'],
  ['x-a', '2'],
] as const

test.each([
  ['text', Buffer.from('né\n"')],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
  ['nothing', Buffer.alloc(0)],
])('an attempt with a body of %s comes back as it was', (_, responseBody) => {
  const attempt = { ...summary, requestHeaders: headers, responseHeaders: headers, responseBody }
  expect(decodeAttempt(encodeAttempt(attempt))).toEqual(attempt)
  const success = { deliveryId: 'dlv_1', number: 3, responseHeaders: headers, responseBody }
  expect(decodeRecent(encodeRecent(success))).toEqual(success)
})

test.each([
  { reused: true, firstByteMs: 3.1, bodyMs: 0 },
  { reused: false, dnsMs: 0.4, connectMs: 1, tlsMs: 2, firstByteMs: 3.1, bodyMs: 0 },
  { reused: false },
])('the timings %j come back as they were', (timings) => {
  const attempt = { ...summary, timings }
  expect(decodeAttempt(encodeAttempt(attempt))).toEqual(attempt)
  const success = { deliveryId: 'dlv_1', number: 3, timings }
  expect(decodeRecent(encodeRecent(success))).toEqual(success)
})

test('an attempt that got no answer has neither status nor details', () => {
  const { statusCode: _, ...attempt } = {
    ...summary,
    outcome: 'timeout' as const,
    error: 'too slow',
  }
  expect(decodeAttempt(encodeAttempt(attempt))).toEqual(attempt)
})

test('the first line alone is the attempt without its details', () => {
  const text = encodeAttempt({ ...summary, responseBody: Buffer.from('a\nb') })
  expect(decodeAttempt(text.slice(0, text.indexOf('\n')))).toEqual(summary)
})
