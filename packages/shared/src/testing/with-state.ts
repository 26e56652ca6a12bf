import { recordFanOuts } from '../delivery/fan-out.ts'
import { settle } from '../delivery/settle.ts'
import { parseState } from '../delivery/state.ts'
import type { Guard } from '../delivery/transition.ts'
import { fanOutKey } from '../queue/keys.ts'
import { storeEvent, type TestEngine } from './engine.ts'

export const WH = 'wh_01JDC7M5T5G3X9N8K2QRSTVWXY'
let events = 0

/** An event with one delivery in the given state. */
export async function withState(engine: TestEngine, packed: string) {
  const event = await storeEvent(engine, `transition-${++events}`)
  await recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds: [WH] }], 1)
  const key = fanOutKey(engine.shard, event.tenant, event.id)
  await engine.redis.hset(key, WH, packed)
  const write = async (to: string, round: number, attempt: number, guard: Guard = 'job') => {
    const transition = { webhookId: WH, round, attempt, to: parseState(to), guard, log: {} }
    const [applied] = await settle(engine.redis, engine.shard, event, [transition])
    return applied
  }
  return { event, key, write, read: () => engine.redis.hget(key, WH) }
}
