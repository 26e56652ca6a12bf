import { OUTCOMES } from '../attempt/result.ts'
import { BUCKETS } from './histogram.ts'

/** What happened at one webhook, one tenant's or all, within one minute or hour. */
export interface StatsBucket {
  /** Minutes or hours since the Unix epoch. */
  readonly number: number
  succeeded: number
  failed: number
  delivered: number
  dead: number
  /** Attempts by their duration, see `histogram.ts`. */
  readonly durations: Uint32Array
  /** Failed attempts by their outcome, see `FAILURES`. */
  readonly failures: Uint32Array
}

/** Their places are stored: a new one goes to the end. */
export const FAILURES: readonly string[] = OUTCOMES.filter((outcome) => outcome !== 'success')

export const emptyBucket = (number: number): StatsBucket => ({
  number,
  succeeded: 0,
  failed: 0,
  delivered: 0,
  dead: 0,
  durations: new Uint32Array(BUCKETS),
  failures: new Uint32Array(FAILURES.length),
})

/**
 * Variable-length integers: number, the four counters, then for each duration and failure that occurred
 * its distance from the one before and its count; failures follow the durations. About 12 B, and 2 to 4 B
 * for each. A version that knew of durations only passes the failures over.
 */
export function packBucket(bucket: StatsBucket): Buffer {
  const bytes: number[] = []
  const { number, succeeded, failed, delivered, dead, durations, failures } = bucket
  for (const value of [number, succeeded, failed, delivered, dead]) push(bytes, value)
  let last = 0
  for (let i = 0; i < BUCKETS + failures.length; i++) {
    const count = (i < BUCKETS ? durations[i] : failures[i - BUCKETS]) as number
    if (count === 0) continue
    push(bytes, i - last)
    push(bytes, count)
    last = i
  }
  return Buffer.from(bytes)
}

export function unpackBucket(packed: Buffer): StatsBucket {
  const values = readAll(packed)
  const [number = 0, succeeded = 0, failed = 0, delivered = 0, dead = 0, ...pairs] = values
  const bucket = { ...emptyBucket(number), succeeded, failed, delivered, dead }
  let at = 0
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    at += pairs[i] as number
    // Beyond the last failure that this version knows nothing is set: that is how typed arrays are.
    if (at < BUCKETS) bucket.durations[at] = pairs[i + 1] as number
    else bucket.failures[at - BUCKETS] = pairs[i + 1] as number
  }
  return bucket
}

export function addBucket(into: StatsBucket, other: StatsBucket): void {
  into.succeeded += other.succeeded
  into.failed += other.failed
  into.delivered += other.delivered
  into.dead += other.dead
  for (let i = 0; i < BUCKETS; i++) {
    into.durations[i] = (into.durations[i] as number) + (other.durations[i] as number)
  }
  for (let i = 0; i < into.failures.length; i++) {
    into.failures[i] = (into.failures[i] as number) + (other.failures[i] as number)
  }
}

function push(bytes: number[], value: number): void {
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
}

function readAll(packed: Buffer): number[] {
  const values: number[] = []
  let value = 0
  let scale = 1
  for (const byte of packed) {
    value += (byte & 0x7f) * scale
    scale *= 0x80
    if (byte < 0x80) {
      values.push(value)
      value = 0
      scale = 1
    }
  }
  return values
}
