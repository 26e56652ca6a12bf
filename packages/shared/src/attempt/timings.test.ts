import { expect, test } from 'vitest'
import { timingsOf } from './timings.ts'

const marks = { dialed: undefined, sentAt: 0, headersAt: 0, endedAt: 1_000, reused: false }

test.each([
  ['nothing was reached', marks, { reused: false }],
  ['a name did not resolve', { ...marks, dialed: { dnsMs: 15.04 } }, { dnsMs: 15, reused: false }],
  [
    'all stages were passed',
    {
      ...marks,
      dialed: { dnsMs: 1.25, connectMs: 20, tlsMs: 40.01 },
      sentAt: 900,
      headersAt: 999.96,
    },
    { dnsMs: 1.3, connectMs: 20, tlsMs: 40, firstByteMs: 100, bodyMs: 0, reused: false },
  ],
  [
    'no answer came on a kept connection',
    { ...marks, sentAt: 400, reused: true },
    { firstByteMs: 600, reused: true },
  ],
])('%s', (_name, given, timings) => {
  expect(timingsOf(given)).toEqual(timings)
})
