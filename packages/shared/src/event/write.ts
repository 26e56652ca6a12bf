import { recordKey, type Shard, versionKey } from '../queue/keys.ts'
import type { AcceptDeps, Entry } from './accept.ts'
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
}

/**
 * Writes the records of a group and reads the version of each tenant's webhooks, side by side: the
 * version is read after the request came and before the job is added, so a change that was answered
 * before holds for the event. An entry that Redis refuses is rejected alone.
 * @throws what the connection throws; then nothing is known of any entry
 */
export async function writeRecords(
  { redis, namespace }: AcceptDeps,
  shard: Shard,
  group: readonly Entry[],
): Promise<Written> {
  const tenants = [...new Set(group.map((entry) => entry.record.tenant))]
  const pipeline = redis.pipeline()
  for (const { record } of group) {
    pipeline.set(recordKey(shard, record.tenant, record.id), encodeRecord(record), 'NX')
  }
  // Of one slot only in this pipeline: the versions lie in the slots of their tenants.
  const [answers, versions] = await Promise.all([
    pipeline.exec(),
    Promise.all(tenants.map((tenant) => redis.get(versionKey(namespace, tenant)))),
  ])
  const fresh: Entry[] = []
  const repeated: Entry[] = []
  group.forEach((entry, i) => {
    const [error, reply] = answers?.[i] ?? [new Error('no answer'), null]
    if (error) entry.reject(error)
    else (reply === 'OK' ? fresh : repeated).push(entry)
  })
  return {
    fresh,
    repeated,
    versions: new Map(tenants.map((tenant, i) => [tenant, versions[i] ?? NO_VERSION])),
  }
}
