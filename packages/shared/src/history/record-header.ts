import type { RedisClient } from '../runtime/redis.ts'

const FIRST_BYTES = 512

/** The header line of a record with its newline, without the payload; undefined when it is gone. */
export async function readHeader(redis: RedisClient, key: string): Promise<string | undefined> {
  for (let size = FIRST_BYTES; ; size *= 8) {
    const text = (await redis.getrangeBuffer(key, 0, size - 1)) as Buffer
    const end = text.indexOf('\n')
    if (end >= 0) return text.toString('utf8', 0, end + 1)
    if (text.length < size) return undefined
  }
}
