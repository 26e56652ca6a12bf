import { parseFanOut } from '../delivery/fan-out.ts'
import { parseState } from '../delivery/state.ts'
import { DEDUPE_MS, decodeRecord, type EventRecord, encodeRecord } from '../event/record.ts'
import { attemptsKey, fanOutKey, recordKey, type Shard } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import type { FinishedEvent } from './finished.ts'
import { readHeader } from './record-header.ts'
import type { ListedVictim } from './unlist.ts'

/** A finished event that is to be dropped: where it is listed, and what is left of it. */
export interface Victim extends ListedVictim {
  /** By which a repeated publish is still a duplicate, until `stubUntilMs`. */
  readonly stub: string
  readonly stubUntilMs: number
  /** When its last delivery ended. */
  readonly lastMs: number
}

/** Undefined for one that is gone or that something is open or dead of. */
export async function findVictim(
  redis: RedisClient,
  shard: Shard,
  { tenant, eventId }: FinishedEvent,
): Promise<Victim | undefined> {
  const [header, fields] = await Promise.all([
    readHeader(redis, recordKey(shard, tenant, eventId)),
    redis.hgetall(fanOutKey(shard, tenant, eventId)),
  ])
  if (!header || !(Number(fields.o) <= 0)) return undefined
  const record = headOf(tenant, eventId, header)
  if (!record || record.done) return undefined
  const states = [...parseFanOut(Object.entries(fields)).states].map(
    ([id, packed]) => [id, parseState(packed)] as const,
  )
  return {
    tenant,
    eventId,
    type: record.type,
    createdMs: record.createdMs,
    webhookIds: states.map(([id]) => id),
    states: states.flatMap(([id, { state }]) => {
      const list = state === 'e' ? 'dead' : state === 'c' ? 'cancelled' : undefined
      return list ? [[id, list] as const] : []
    }),
    lastMs: Math.max(0, ...states.map(([, { atMs }]) => atMs)),
    stub: encodeRecord({ ...record, job: '', done: true }).toString(),
    stubUntilMs: record.createdMs + DEDUPE_MS,
  }
}

/** Undefined for one that cannot be read: it stays, and the others can go. */
function headOf(tenant: string, eventId: string, header: string): EventRecord | undefined {
  try {
    const {
      labels: _labels,
      trace: _trace,
      ...record
    } = decodeRecord(tenant, eventId, Buffer.from(header))
    return record
  } catch {
    return undefined
  }
}

/**
 * KEYS: record, fan-out and attempts of each. ARGV: for each the stub and how long it stays, in ms.
 * Re-checks that nothing is open or dead: a replay may have reopened the event a moment ago. One
 * without a fan-out was dropped before. Answers 1 for each that is gone.
 */
const DROP = defineScript(`
local out = {}
for i = 1, #ARGV / 2 do
  local record, fanOut, attempts = KEYS[i * 3 - 2], KEYS[i * 3 - 1], KEYS[i * 3]
  local open = redis.call('HGET', fanOut, 'o')
  if open and tonumber(open) <= 0 then
    redis.call('UNLINK', fanOut, attempts)
    if tonumber(ARGV[i * 2]) > 0 then redis.call('SET', record, ARGV[i * 2 - 1], 'PX', ARGV[i * 2])
    else redis.call('UNLINK', record) end
  end
  out[i] = (not open or tonumber(open) <= 0) and 1 or 0
end
return out
`)

const VICTIMS_PER_CALL = 50

/** @returns those that are gone now, whoever dropped them */
export async function dropVictims(
  redis: RedisClient,
  shard: Shard,
  victims: readonly Victim[],
  nowMs: number,
): Promise<Victim[]> {
  const gone: Victim[] = []
  for (let from = 0; from < victims.length; from += VICTIMS_PER_CALL) {
    const some = victims.slice(from, from + VICTIMS_PER_CALL)
    const keys = some.flatMap(({ tenant, eventId }) =>
      [recordKey, fanOutKey, attemptsKey].map((keyOf) => keyOf(shard, tenant, eventId)),
    )
    const args = some.flatMap(({ stub, stubUntilMs }) => [
      stub,
      Math.max(0, Math.round(stubUntilMs - nowMs)),
    ])
    const answers = (await DROP.run(redis, keys, args)) as number[]
    gone.push(...some.filter((_, i) => answers[i] === 1))
  }
  return gone
}
