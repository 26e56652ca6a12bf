import { encodeRecord } from '@posthorn/shared/event/record.ts'
import { fanOutKey, logKey, recordKey } from '@posthorn/shared/queue/keys.ts'
import { shardsOf } from '@posthorn/shared/queue/shards.ts'
import { Redis } from 'ioredis'
import type { Posthorn } from '../harness/posthorn.ts'
import { upTo, waitFor } from '../harness/wait.ts'

// A long history, written as the worker's scripts write it (sending it would take a quarter of an hour)
// and brought into lists and statistics by the worker's own indexer.

const FAN_OUT = 10
const EVENTS_AT_ONCE = 5_000
const DEAD_EVERY = 100
const RARE_EVERY = 10_000
const TYPES = ['user.created', 'user.deleted', 'invoice.paid', 'invoice.overdue'] as const
export const RARE_TYPE = 'audit.exported'
const SPREAD_MS = 20 * 3_600_000
const INDEXED_WITHIN_MS = 240_000
const TENANT = 'default'

export interface Seeded {
  readonly webhooks: readonly string[]
  readonly attempts: number
  /** A moment in the middle of it. */
  readonly middle: string
}

/** So many attempts over the last 20 hours, of which one in a hundred ended dead. */
export async function seedHistory(posthorn: Posthorn, attempts: number): Promise<Seeded> {
  const tenant = { tenant: TENANT, eventTypes: ['no.such.type'] }
  const client = posthorn.client()
  const webhooks: string[] = []
  for (const n of upTo(FAN_OUT)) {
    const input = { ...tenant, url: 'http://127.0.0.1:9/', name: `Subscriber ${n + 1}` }
    webhooks.push((await client.post<{ id: string }>(201, '/v1/webhooks', input)).id)
  }
  const events = attempts / FAN_OUT
  const fromMs = Date.now() - SPREAD_MS
  const redis = new Redis(posthorn.redisUrl)
  try {
    for (let n = 0; n < events; n += EVENTS_AT_ONCE) {
      await write(redis, posthorn.namespace, webhooks, { from: n, events, fromMs })
    }
  } finally {
    redis.disconnect()
  }
  await waitFor(
    async () => (await client.get<{ attempts: number }>('/v1/stats')).attempts >= attempts,
    { what: 'the indexer to be done', timeoutMs: INDEXED_WITHIN_MS, everyMs: 500 },
  )
  return { webhooks, attempts, middle: new Date(fromMs + SPREAD_MS / 2).toISOString() }
}

interface Slice {
  readonly from: number
  readonly events: number
  readonly fromMs: number
}

async function write(
  redis: Redis,
  namespace: string,
  webhooks: readonly string[],
  { from, events, fromMs }: Slice,
): Promise<void> {
  const [shard] = shardsOf(namespace, 1)
  if (!shard) throw new Error('There is no shard')
  const pipeline = redis.pipeline()
  for (let n = from; n < Math.min(events, from + EVENTS_AT_ONCE); n += 1) {
    const id = `evt_${String(n).padStart(26, '0')}`
    const createdMs = fromMs + Math.floor(tide(n / events) * SPREAD_MS)
    const type = n % RARE_EVERY === 7 ? RARE_TYPE : (TYPES[n % TYPES.length] as string)
    const states = webhooks.map((_, i) => stateOf(n * FAN_OUT + i, createdMs))
    const head = { id, tenant: TENANT, type, createdMs, contentHash: 'h', job: 'j' }
    const timestamp = new Date(createdMs).toISOString()
    const data = Buffer.from(`{"id":"u_${n}"}`)
    const open = states.filter(({ to }) => to === 'x').length
    const moved = states.map((state, i) => [
      'p',
      webhooks[i],
      state.to,
      1,
      1,
      state.atMs,
      state.log,
    ])
    const entry = `${TENANT} ${id} ${type} ${createdMs}`
    const fields = states.flatMap(({ packed }, i) => [webhooks[i] as string, packed])
    pipeline
      .set(recordKey(shard, TENANT, id), encodeRecord({ ...head, timestamp, data }))
      .hset(fanOutKey(shard, TENANT, id), 'n', FAN_OUT, 'o', open, 't', createdMs, ...fields)
      .xadd(logKey(shard), '*', 'v', `f ${entry} ${webhooks.join(',')}`)
      .xadd(logKey(shard), '*', 'v', `d ${entry} ${open > 0 ? 0 : 1} ${JSON.stringify(moved)}`)
  }
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error
}

/** More in some hours than in others, as days are; from 0 to 1, never back. */
const tide = (share: number) => share + 0.06 * Math.sin(4 * Math.PI * share)

/** How the nth delivery ended, as the record and the log have it. */
function stateOf(n: number, createdMs: number) {
  const durationMs = 5 + (n % 97)
  const atMs = createdMs + durationMs
  const attempt = { number: 1, trigger: 'automatic', durationMs, endedMs: atMs, responseBytes: 2 }
  if (n % DEAD_EVERY !== 1) {
    const log = { attempt: { ...attempt, outcome: 'success', statusCode: 200 } }
    return { to: 'd', packed: `da 1 1 1 ${atMs} ${durationMs} 200 2 ${createdMs}`, atMs, log }
  }
  const log = {
    reason: 'exhausted',
    attempt: { ...attempt, outcome: 'http_error', statusCode: 500 },
  }
  return { to: 'x', packed: `xa 1 1 1 ${atMs} exhausted`, atMs, log }
}
