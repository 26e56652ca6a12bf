import { compileFilter, type Fits } from '../filter/compile.ts'
import { judgeOf } from '../filter/judge.ts'
import { type LaneName, laneMember } from '../lane/entry.ts'
import type { Lanes } from '../lane/lane.ts'
import { webhooksKey } from '../queue/keys.ts'
import { horizonMs } from '../retry/horizon.ts'
import type { RetryPolicy } from '../retry/policy.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { patternsFor } from '../webhook/match.ts'
import { decodeWebhook } from '../webhook/record.ts'
import type { StoredWebhook } from '../webhook/webhook.ts'
import type { EventRecord } from './record.ts'
import type { Stamp } from './write.ts'

/** In which ordered webhooks' lanes an event stands: their ids. Events without any are left out. */
export type LinedUp = ReadonlyMap<EventRecord, readonly string[]>

/** An event with what was read of its tenant when it was accepted. */
export interface Stamped {
  readonly record: EventRecord
  readonly stamp: Stamp
}

export const NOT_LINED_UP: LinedUp = new Map()

interface Ordered {
  readonly webhook: StoredWebhook
  readonly filter: Fits | undefined
}

/** Tenants whose ordered webhooks are kept; those without any cost nothing. */
const MAX_TENANTS = 1_000

/**
 * An ordered webhook's events get their place in its lane before they are answered: after the record, so
 * that whoever finds the place finds the event, and before the job, which names the webhooks so lined
 * up. An event may stand in a lane to which it is not fanned out (a change came in between) or stand
 * there twice (a publish broke off): the lane's taker passes over what is not open.
 */
export class LineUp {
  readonly #redis: RedisClient
  readonly #namespace: string
  readonly #lanes: Pick<Lanes, 'append'>
  readonly #retryPolicy: RetryPolicy
  readonly #tenants = new Map<string, { at: string; webhooks: Promise<Ordered[]> }>()

  constructor(deps: {
    redis: RedisClient
    namespace: string
    lanes: Pick<Lanes, 'append'>
    retryPolicy: RetryPolicy
  }) {
    this.#redis = deps.redis
    this.#namespace = deps.namespace
    this.#lanes = deps.lanes
    this.#retryPolicy = deps.retryPolicy
  }

  /** Appends the events to the lanes of the ordered webhooks that they go to, in the order given. */
  async append(events: readonly Stamped[]): Promise<LinedUp> {
    const linedUp = new Map<EventRecord, string[]>()
    const lines = new Map<string, { lane: LaneName; members: string[] }>()
    for (const { record, stamp } of events) {
      if (!stamp.ordered) continue
      const passes = judgeOf(record.data)
      for (const { webhook, filter } of await this.#orderedOf(record.tenant, stamp)) {
        if (!webhook.enabled || !takes(webhook, record.type) || !passes(filter)) continue
        linedUp.set(record, [...(linedUp.get(record) ?? []), webhook.id])
        const lane = { tenant: record.tenant, webhookId: webhook.id }
        const line = lines.get(webhook.id) ?? { lane, members: [] }
        line.members.push(this.#member(record, webhook))
        lines.set(webhook.id, line)
      }
    }
    const lanes = [...lines.values()]
    await Promise.all(lanes.map(({ lane, members }) => this.#lanes.append(lane, members)))
    return linedUp
  }

  #member({ tenant, id, createdMs }: EventRecord, { retryPolicy }: StoredWebhook): string {
    const entry = { tenant, eventId: id, round: 1, attempt: 1 }
    const patience = { dueMs: createdMs, horizonMs: horizonMs(retryPolicy ?? this.#retryPolicy, 1) }
    return laneMember(entry, patience)
  }

  #orderedOf(tenant: string, { version, ordered }: Stamp): Promise<Ordered[]> {
    const known = this.#tenants.get(tenant)
    if (known?.at === version) return known.webhooks
    const webhooks = this.#load(tenant, ordered)
    this.#tenants.delete(tenant)
    this.#tenants.set(tenant, { at: version, webhooks })
    webhooks.catch(() => this.#tenants.delete(tenant))
    const [oldest] = this.#tenants.keys()
    if (this.#tenants.size > MAX_TENANTS && oldest !== undefined) this.#tenants.delete(oldest)
    return webhooks
  }

  async #load(tenant: string, ordered: string): Promise<Ordered[]> {
    const ids = ordered.split(',').slice(0, -1)
    const texts = await this.#redis.hmget(webhooksKey(this.#namespace, tenant), ...ids)
    return texts.flatMap((text) => (text === null ? [] : readable(text)))
  }
}

/** One that cannot be read takes no event; the workers tell. */
function readable(text: string): Ordered[] {
  try {
    const webhook = decodeWebhook(text)
    return [{ webhook, filter: webhook.filter && compileFilter(webhook.filter) }]
  } catch {
    return []
  }
}

function takes({ eventTypes }: StoredWebhook, type: string): boolean {
  const patterns = patternsFor(type)
  return eventTypes.some((pattern) => patterns.includes(pattern))
}
