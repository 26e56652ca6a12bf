import { recordFanOuts } from '../delivery/fan-out.ts'
import { settle } from '../delivery/settle.ts'
import type { DeliveryState } from '../delivery/state.ts'
import type { EventHead } from '../delivery/transition.ts'
import { encodeRecord } from '../event/record.ts'
import { Indexer } from '../history/indexer.ts'
import { recordKey } from '../queue/keys.ts'
import type { TestEngine } from './engine.ts'

/** A webhook id with a number of its own. */
export const webhookId = (n: number): string => `wh_${String(n).padStart(26, '0')}`

/** Accepts and fans out an event, by the scripts of the engine. */
export async function fanOut(
  engine: TestEngine,
  id: string,
  webhookIds: readonly string[],
  more: { tenant?: string; type?: string; createdMs?: number } = {},
): Promise<EventHead> {
  const { tenant = 'acme', type = 'user.created', createdMs = Date.now() } = more
  const record = {
    ...{ id, tenant, type, createdMs, contentHash: 'hash', job: 'job_1' },
    timestamp: new Date(createdMs).toISOString(),
    data: Buffer.from('{"a":1.0}'),
  }
  await engine.redis.set(recordKey(engine.shard, tenant, id), encodeRecord(record))
  const event = { tenant, id, type, createdMs }
  await recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds }], createdMs)
  return event
}

/** Ends the first attempt of a delivery: delivered, to be retried, or dead at once. */
export async function attempted(
  engine: TestEngine,
  event: EventHead,
  webhook: string,
  outcome: 'd' | 'r' | 'x',
  { durationMs = 10, endedMs = event.createdMs } = {},
): Promise<void> {
  const extra = {
    d: [String(durationMs), '200', '2', String(endedMs - durationMs)],
    r: [],
    x: ['exhausted'],
  }
  const to: DeliveryState = {
    state: outcome,
    trigger: 'automatic',
    round: 1,
    attempt: outcome === 'r' ? 2 : 1,
    made: 1,
    atMs: endedMs,
    extra: extra[outcome],
  }
  const attempt = {
    number: 1,
    trigger: to.trigger,
    outcome: outcome === 'd' ? 'success' : 'http_error',
    statusCode: outcome === 'd' ? 200 : 500,
    durationMs,
    endedMs,
    responseBytes: 2,
  }
  const [applied] = await settle(engine.redis, engine.shard, event, [
    { webhookId: webhook, round: 1, attempt: 1, to, guard: 'job', log: { attempt } },
  ])
  if (!applied?.fresh) throw new Error(`The attempt of ${event.id} was not recorded`)
}

/** Brings the history up to date. */
export async function indexAll({ redis, shard }: TestEngine): Promise<void> {
  const indexer = new Indexer(redis, shard, () => undefined)
  while (await indexer.step());
}
