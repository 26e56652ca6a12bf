import { acceptingKey, recordKey, type Shard, versionKey } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import type { AcceptDeps, Entry } from './accept.ts'
import { encodeNote } from './accepting.ts'
import { encodeRecord } from './record.ts'

/** Tenant → version of its webhooks, `<epoch>.<n>`. */
export type Versions = ReadonlyMap<string, string>

/** The version of a tenant whose webhooks were never written. */
const NO_VERSION = '0.0'

export interface Written {
  /** Entries whose record this call wrote. */
  readonly fresh: Entry[]
  /** Entries whose id was there already. */
  readonly repeated: Entry[]
  readonly versions: Versions
  /** Jobs of batches of which Redis' answer tells all: those whose notes may go once the job exists. */
  readonly settledJobs: string[]
}

/**
 * Writes the records of a group and reads the version of each tenant's webhooks, side by side: the
 * version is read after the request came and before the job is added, so a change that was answered
 * before holds for the event. The batches are noted before (see `accepting.ts`), spent notes dropped. An entry that Redis
 * refuses is rejected alone.
 * @throws what the connection throws; then nothing is known of any entry
 */
export async function writeRecords(
  { redis, namespace, now }: AcceptDeps,
  shard: Shard,
  batches: readonly Entry[][],
  spentNotes: readonly string[],
): Promise<Written> {
  const group = batches.flat()
  const tenants = [...new Set(group.map((entry) => entry.record.tenant))]
  const pipeline = redis.pipeline()
  const notes = batches.flatMap((batch) => encodeNote(batch.map(recordOf), now()))
  pipeline.hset(acceptingKey(shard), ...notes)
  for (const { record } of group) {
    pipeline.set(recordKey(shard, record.tenant, record.id), encodeRecord(record), 'NX')
  }
  if (spentNotes.length > 0) pipeline.hdel(acceptingKey(shard), ...spentNotes)
  // Of one slot only in this pipeline: the versions lie in the slots of their tenants.
  const [answers, versions] = await Promise.all([
    pipeline.exec(),
    readVersions(redis, namespace, tenants),
  ])
  const fresh: Entry[] = []
  const repeated: Entry[] = []
  group.forEach((entry, i) => {
    const [error, reply] = answers?.[i + 1] ?? [new Error('no answer'), null]
    if (error) entry.reject(error)
    else (reply === 'OK' ? fresh : repeated).push(entry)
  })
  const unknown = new Set(group.filter((_, i) => answers?.[i + 1]?.[0] !== null).map(jobOf))
  const settledJobs = batches.map(([first]) => jobOf(first as Entry))
  return {
    fresh,
    repeated,
    versions,
    settledJobs: settledJobs.filter((job) => !unknown.has(job)),
  }
}

export async function readVersions(
  redis: RedisClient,
  namespace: string,
  tenants: readonly string[],
): Promise<Versions> {
  const versions = await Promise.all(
    tenants.map((tenant) => redis.get(versionKey(namespace, tenant))),
  )
  return new Map(tenants.map((tenant, i) => [tenant, versions[i] ?? NO_VERSION]))
}

const recordOf = ({ record }: Entry) => record
const jobOf = ({ record }: Entry) => record.job
