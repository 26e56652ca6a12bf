import { hash } from 'node:crypto'
import { ProblemError } from '../error/problem.ts'
import { claimKey } from '../queue/keys.ts'
import { shardOf } from '../queue/shards.ts'
import type { AcceptDeps } from './accept.ts'
import { DEDUPE_MS, type EventRecord } from './record.ts'

/**
 * An `Idempotency-Key` first claims an event id; whoever finds a claim goes on with its id, and is then
 * told apart from the first one like any repeat of that id.
 * @returns the id to publish under
 * @throws ProblemError 422 `idempotency_key_reused` when the claim was made for other content
 */
export async function claimEventId(
  { redis, shards }: AcceptDeps,
  record: EventRecord,
  idempotencyKey: string,
): Promise<string> {
  const digest = hash('sha256', idempotencyKey, 'base64url').slice(0, 22)
  const key = claimKey(shardOf(shards, record.tenant, digest), record.tenant, digest)
  const claim = `${record.id} ${record.contentHash}`
  const written = await redis.set(key, claim, 'PX', DEDUPE_MS, 'NX')
  if (written === 'OK') return record.id
  const [id, contentHash] = ((await redis.get(key)) ?? claim).split(' ')
  if (contentHash !== record.contentHash) throw new ProblemError('idempotency_key_reused')
  return id as string
}
