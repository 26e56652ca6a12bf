import { expect, test } from 'vitest'
import {
  addBucket,
  emptyBucket,
  packBucket,
  type StatsBucket,
  unpackBucket,
} from './stats-bucket.ts'
import { daySlot, hourSlot, minuteSlot } from './stats-ring.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

function bucket(
  counters: Partial<StatsBucket>,
  durations: Record<number, number> = {},
): StatsBucket {
  const made = { ...emptyBucket(29_925_175), ...counters }
  for (const [i, count] of Object.entries(durations)) made.durations[Number(i)] = count
  return made
}

function withFailures(failures: Record<number, number>, of = bucket({ failed: 1 })): StatsBucket {
  for (const [i, count] of Object.entries(failures)) of.failures[Number(i)] = count
  return of
}

test.each([
  bucket({}),
  bucket({ succeeded: 1, delivered: 1 }, { 0: 1 }),
  withFailures({ 0: 1, 8: 300 }),
  withFailures({ 2: 5 }, bucket({ failed: 5 }, { 64: 5 })),
  bucket({ succeeded: 127, failed: 128, dead: 16_384, delivered: 2 ** 32 }, { 3: 127, 64: 200 }),
])('a bucket comes back as it was', (original) => {
  expect(unpackBucket(packBucket(original))).toEqual(original)
})

test('durations over ten buckets of the histogram take less than 64 bytes', () => {
  const spread = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [20 + i, 1_000]))
  expect(packBucket(bucket({ succeeded: 10_000, delivered: 10_000 }, spread)).length).toBeLessThan(
    64,
  )
})

test('a failure that a later version knows is passed over by this one', () => {
  const packed = Buffer.concat([packBucket(bucket({ failed: 1 }, { 64: 1 })), Buffer.from([20, 1])])
  expect(unpackBucket(packed)).toEqual(bucket({ failed: 1 }, { 64: 1 }))
})

test('adding buckets adds every counter', () => {
  const sum = bucket({ succeeded: 1, failed: 2 }, { 5: 1 })
  addBucket(sum, bucket({ succeeded: 3, delivered: 4, dead: 5 }, { 5: 2, 6: 1 }))
  addBucket(sum, withFailures({ 1: 2 }, bucket({})))
  addBucket(sum, withFailures({ 1: 1 }, bucket({})))
  expect(sum.failures[1]).toBe(3)
  sum.failures[1] = 0
  expect(sum).toEqual(bucket({ succeeded: 4, failed: 2, delivered: 4, dead: 5 }, { 5: 3, 6: 1 }))
})

test('no two minutes of two hours, hours of eight days or days of 32 share a place', () => {
  const at = 1_795_510_527_000
  const places = (count: number, stepMs: number, slotOf: typeof minuteSlot) =>
    new Set(
      Array.from({ length: count }, (_, i) => {
        const { ring, field } = slotOf(at + i * stepMs)
        return `${ring} ${field}`
      }),
    ).size
  expect(places(120, MINUTE_MS, minuteSlot)).toBe(120)
  expect(places(121, MINUTE_MS, minuteSlot)).toBe(120)
  expect(places(192, HOUR_MS, hourSlot)).toBe(192)
  expect(places(193, HOUR_MS, hourSlot)).toBe(192)
  expect(places(32, 24 * HOUR_MS, daySlot)).toBe(32)
  expect(places(33, 24 * HOUR_MS, daySlot)).toBe(32)
})
