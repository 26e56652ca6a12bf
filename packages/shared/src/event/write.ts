import { acceptingKey, orderedKey, recordKey, type Shard, versionKey } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import type { AcceptDeps, Entry } from './accept.ts'
import { encodeNote } from './accepting.ts'
import { encodeRecord } from './record.ts'

/** What is read of a tenant when its events are accepted. */
export interface Stamp {
  /** Of its webhooks, `<epoch>.<n>`. */
  readonly version: string
  /** Its ordered webhooks at that version, each id with a comma after it; mostly ''. */
  readonly ordered: string
}

export type Stamps = ReadonlyMap<string, Stamp>

/** The version of a tenant whose webhooks were never written. */
const NO_VERSION = '0.0'

export interface Written {
  /** Entries whose record this call wrote. */
  readonly fresh: Entry[]
  /** Entries whose id was there already. */
  readonly repeated: Entry[]
  readonly stamps: Stamps
}

/** Redis does nothing else while it takes a call. */
const BYTES_IN_A_CALL = 1_000_000

/**
 * KEYS: notes, then a record for each event. ARGV: number of notes, and name and note of each; number of
 * notes to drop, and their names; the records. Answers the places, from 0, of the records whose id was
 * there already. Redis refuses it as a whole (full, no replica …) or not at all.
 */
const WRITE = defineScript(`
local at = 2 + 2 * ARGV[1]
redis.call('HSET', KEYS[1], unpack(ARGV, 2, at - 1))
local spent = tonumber(ARGV[at])
if spent > 0 then redis.call('HDEL', KEYS[1], unpack(ARGV, at + 1, at + spent)) end
at = at + spent - 1
local repeated = {}
for i = 2, #KEYS do
  if not redis.call('SET', KEYS[i], ARGV[at + i], 'NX') then repeated[#repeated + 1] = i - 2 end
end
return repeated
`)

/**
 * Writes the records of a group and reads the version of each tenant's webhooks, side by side: the
 * version is read after the request came and before the job is added, so a change that was answered
 * before holds for the event. The batches are noted before (see `accepting.ts`), spent notes dropped.
 * @throws what Redis answers or the connection throws; then nothing is known of any entry
 */
export async function writeRecords(
  { redis, namespace, now }: AcceptDeps,
  shard: Shard,
  batches: readonly Entry[][],
  spentNotes: readonly string[],
): Promise<Written> {
  const group = batches.flat()
  const tenants = [...new Set(group.map((entry) => entry.record.tenant))]
  const write = (call: Call, i: number) =>
    writeCall(redis, shard, call, i === 0 ? spentNotes : [], now())
  const [repeated, stamps] = await Promise.all([
    Promise.all(callsOf(batches).map(write)),
    readStamps(redis, namespace, tenants),
  ])
  const again = new Set(repeated.flat())
  return {
    fresh: again.size === 0 ? group : group.filter((entry) => !again.has(entry)),
    repeated: [...again],
    stamps,
  }
}

/** What one call is to write: whole batches, since a batch is noted before its records. */
interface Call {
  readonly batches: Entry[][]
  readonly records: Buffer[]
}

function callsOf(batches: readonly Entry[][]): Call[] {
  const calls: Call[] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const batch of batches) {
    const records = batch.map(({ record }) => encodeRecord(record))
    const size = records.reduce((sum, { length }) => sum + length, 0)
    const call = calls.at(-1)
    if (call && bytes + size <= BYTES_IN_A_CALL) {
      call.batches.push(batch)
      call.records.push(...records)
      bytes += size
    } else {
      calls.push({ batches: [batch], records })
      bytes = size
    }
  }
  return calls
}

/** @returns the entries whose id was there already */
async function writeCall(
  redis: RedisClient,
  shard: Shard,
  { batches, records }: Call,
  spentNotes: readonly string[],
  nowMs: number,
): Promise<Entry[]> {
  const entries = batches.flat()
  const notes = batches.flatMap((batch) => encodeNote(batch.map(recordOf), nowMs))
  const keys = [acceptingKey(shard)]
  for (const { record } of entries) keys.push(recordKey(shard, record.tenant, record.id))
  const args = [batches.length, ...notes, spentNotes.length, ...spentNotes, ...records]
  const repeated = (await WRITE.run(redis, keys, args)) as number[]
  return repeated.map((i) => entries[i] as Entry)
}

export async function readStamps(
  redis: RedisClient,
  namespace: string,
  tenants: readonly string[],
): Promise<Stamps> {
  const read = (tenant: string) =>
    redis.mget(versionKey(namespace, tenant), orderedKey(namespace, tenant))
  const answers = await Promise.all(tenants.map(read))
  return new Map(
    answers.map(([version, ordered], i) => [
      tenants[i] as string,
      { version: version ?? NO_VERSION, ordered: ordered ?? '' },
    ]),
  )
}

const recordOf = ({ record }: Entry) => record
