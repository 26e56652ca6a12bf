import { randomFillSync } from 'node:crypto'
import { monotonicFactory } from 'ulid'

const pool = Buffer.allocUnsafe(4_096)
let used = pool.length

/** Bytes from a pool: asking the system for each of the 16 digits costs 27 µs an id. */
function pooledRandom(): number {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  return (pool[used++] as number) / 256
}

const ulid = monotonicFactory(pooledRandom)

/** `<prefix>_` and a ULID: sorts by time, 80 random bits. */
export const newId = (prefix: 'evt' | 'wh' | 'key' | 'src' | 'task' | 'job', nowMs = Date.now()) =>
  `${prefix}_${ulid(nowMs)}`
