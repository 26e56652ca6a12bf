import { Redis } from 'ioredis'

/** Every key of a namespace with all that it holds, as text, a key a line group. */
export async function contentsOf(
  redisUrl: string,
  namespace: string,
): Promise<Map<string, string>> {
  return await withRedis(redisUrl, async (redis) => {
    const contents = new Map<string, string>()
    for await (const keys of redis.scanStream({ match: `*${namespace}*`, count: 1_000 })) {
      for (const key of keys as string[]) contents.set(key, await textOf(redis, key))
    }
    return contents
  })
}

/** For what an operator, or a test that plays fate, does to Redis itself. */
export async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url)
  try {
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}

async function textOf(redis: Redis, key: string): Promise<string> {
  const type = await redis.type(key)
  const buffers = await valuesOf(redis, key, type)
  return Buffer.concat(buffers.flatMap((each) => [each, Buffer.from('\n')])).toString('latin1')
}

async function valuesOf(redis: Redis, key: string, type: string): Promise<Buffer[]> {
  if (type === 'string') return [(await redis.getBuffer(key)) ?? Buffer.alloc(0)]
  if (type === 'hash') {
    const pairs = (await redis.callBuffer('HGETALL', key)) as unknown
    return flat(pairs)
  }
  if (type === 'list') return await redis.lrangeBuffer(key, 0, -1)
  if (type === 'set') return await redis.smembersBuffer(key)
  if (type === 'zset') return await redis.zrangeBuffer(key, '0', '-1')
  // It has gone since it was listed.
  if (type === 'none') return []
  if (type === 'stream') return flat(await redis.xrangeBuffer(key, '-', '+'))
  throw new Error(`${key} is a ${type}`)
}

/** The buffers of an answer, however it nests them (RESP3 gives a hash as a map). */
function flat(value: unknown): Buffer[] {
  if (Buffer.isBuffer(value)) return [value]
  if (typeof value === 'string') return [Buffer.from(value)]
  if (value instanceof Map) return [...value].flatMap(flat)
  if (Array.isArray(value)) return value.flatMap(flat)
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(flat)
  return []
}
