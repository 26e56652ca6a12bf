import { decodeRecord } from '../event/record.ts'
import { attemptsKey, fanOutKey, leasesKey, logKey, recordKey, type Shard } from '../queue/keys.ts'
import type { ShardQueues } from '../queue/open.ts'
import { shardOf } from '../queue/shards.ts'
import { deliveries } from '../runtime/metrics.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import { deadLetter, wakeUp } from './hand-off.ts'
import { type DeliveryRef, deadLetterJobId, deliveryId, wakeUpJobId } from './id.ts'
import { releaseLease } from './lease.ts'
import { settle } from './settle.ts'
import { type DeliveryState, isOpen, parseState } from './state.ts'
import { type EventHead, type Guard, LEASE_MS } from './transition.ts'

export interface ReopenDeps {
  readonly redis: RedisClient
  readonly shards: readonly Shard[]
  readonly queues: readonly ShardQueues[]
  /** Redis' time. */
  readonly now: () => number
  readonly deadLetterRetentionMs: number
}

export interface ReopenOptions {
  /** Leaves alone whatever is not a dead letter (redrive). */
  readonly onlyDead?: boolean
  /** Leaves alone what is no longer in this round: a step that runs again reopens nothing twice. */
  readonly seenRound?: number
}

export type Reopened = 'reopened' | 'unchanged' | 'missing'

/**
 * Opens round + 1 of a delivery, or adds the delivery to the event's fan-out (round 1). A success that
 * the packed state told is moved to the attempts first. KEYS: fan-out, attempts, leases, log, record.
 * ARGV: tenant, event, type, createdMs, leaseMs, trigger char, only dead, seen round, webhook.
 * Answers: '' missing, 0 unchanged, else `<old state or ''> <old attempt> <packed state>`.
 */
const REOPEN = defineScript(`
local fanOut, leases, webhook = KEYS[1], KEYS[3], ARGV[9]
if redis.call('EXISTS', KEYS[5]) == 0 or redis.call('HEXISTS', fanOut, 'n') == 0 then return '' end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ref = ARGV[1] .. '/' .. ARGV[2] .. '/' .. webhook .. '/'
local current = redis.call('HGET', fanOut, webhook)
local old, round, made, before = '', 1, 0, '0'
if current then
  local s, trigger, r, a, m, at, rest = string.match(current, '^(%a)(%a) (%d+) (%d+) (%d+) (%d+) ?(.*)$')
  if (ARGV[7] == '1' and s ~= 'x') or (ARGV[8] ~= '' and ARGV[8] ~= r) then return 0 end
  old, round, made, before = s, r + 1, m, a
  if s == 'd' then
    local duration, status, bytes, started = string.match(rest, '^(%S+) (%S+) (%S+) (%S+)')
    local names = { a = 'automatic', m = 'manual', r = 'replay' }
    if a ~= '1' then trigger = 'a' end
    redis.call('HSETNX', KEYS[2], webhook .. '/' .. m, '{"t":"' .. names[trigger] .. '","s":' .. started
      .. ',"d":' .. duration .. ',"o":"success","c":' .. status .. ',"n":' .. bytes .. '}')
  end
  redis.call('ZREM', leases, ref .. r .. '/' .. a)
  if s == 'd' or s == 'c' or s == 'e' then redis.call('HINCRBY', fanOut, 'o', 1) end
else
  if ARGV[7] == '1' then return 0 end
  redis.call('HINCRBY', fanOut, 'n', 1)
  redis.call('HINCRBY', fanOut, 'o', 1)
  redis.call('HDEL', fanOut, 'u')
  redis.call('HSET', fanOut, 't:' .. webhook, now)
end
local packed = 'p' .. ARGV[6] .. ' ' .. round .. ' 1 ' .. made .. ' ' .. now
redis.call('HSET', fanOut, webhook, packed)
redis.call('ZADD', leases, now + ARGV[5], ref .. round .. '/1')
redis.call('XADD', KEYS[4], '*', 'v', 'd ' .. ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3] .. ' '
  .. ARGV[4] .. ' 0 [["' .. old .. '","' .. webhook .. '","p",' .. round .. ',' .. made .. ','
  .. now .. ',{}]]')
return old .. ' ' .. before .. ' ' .. packed
`)

/** What people and tasks do to deliveries from outside the flow. */
export class Reopener {
  readonly #deps: ReopenDeps

  constructor(deps: ReopenDeps) {
    this.#deps = deps
  }

  /**
   * Retry, replay, redrive: opens the next round of each delivery and wakes it at once. Record first,
   * with a lease; then the wake-up; then the lease goes. Killed in between, a sweep wakes it.
   */
  async reopen(
    targets: readonly DeliveryRef[],
    trigger: 'manual' | 'replay',
    options: ReopenOptions = {},
  ): Promise<Reopened[]> {
    return Promise.all(targets.map((target) => this.#reopenOne(target, trigger, options)))
  }

  async #reopenOne(
    target: DeliveryRef,
    trigger: 'manual' | 'replay',
    options: ReopenOptions,
  ): Promise<Reopened> {
    const found = await this.#find(target)
    if (!found) return 'missing'
    const { queues, head } = found
    const answer = await REOPEN.run(this.#deps.redis, reopenKeys(queues.shard, head), [
      head.tenant,
      head.id,
      head.type,
      head.createdMs,
      LEASE_MS,
      trigger === 'manual' ? 'm' : 'r',
      options.onlyDead ? 1 : 0,
      options.seenRound ?? '',
      target.webhookId,
    ])
    if (answer === '') return 'missing'
    if (answer === 0) return 'unchanged'
    const [old, before, ...packed] = (answer as string).split(' ')
    const state = parseState(packed.join(' '))
    const { round } = state
    const now = this.#deps.now()
    const job = wakeUp(target, round, 1, now, now)
    await queues.deliveries.add(job.name, job.data, job.opts)
    await releaseLease(this.#deps.redis, queues.shard, target, state)
    if (old === 'x') await this.#removeDeadLetter(queues, target, round - 1)
    if (old === 'r') await this.#removeWakeUp(queues, target, round - 1, Number(before))
    return 'reopened'
  }

  /** Ends an open delivery because a person wants it to end. */
  async cancel(target: DeliveryRef): Promise<'cancelled' | 'finished' | 'missing'> {
    const ended = await this.#transition(
      target,
      isOpenState,
      (state, nowMs) => ({ ...state, state: 'c', atMs: nowMs, extra: [] }),
      'job',
    )
    if (ended.result !== 'done') return ended.result
    deliveries.inc({ result: 'cancelled' })
    return 'cancelled'
  }

  /** Ends an open delivery because its webhook was disabled (dead) or deleted (cancelled). */
  async end(
    target: DeliveryRef,
    as: 'disabled' | 'cancelled',
  ): Promise<'cancelled' | 'dead' | 'finished' | 'missing'> {
    if (as === 'cancelled') return this.cancel(target)
    const ended = await this.#transition(
      target,
      isOpenState,
      (state, nowMs) => ({ ...state, state: 'x', atMs: nowMs, extra: ['disabled'] }),
      'lease',
    )
    if (ended.result !== 'done') return ended.result
    const { queues, state } = ended
    const now = this.#deps.now()
    const job = deadLetter(target, state.round, now + this.#deps.deadLetterRetentionMs, now)
    deliveries.inc({ result: 'dead' })
    await queues.deadLetters.add(job.name, job.data, job.opts)
    await releaseLease(this.#deps.redis, queues.shard, target, state)
    return 'dead'
  }

  /** Gives a dead letter up for good. `seenRound`: only if it is still the one of that round. */
  async purge(target: DeliveryRef, seenRound?: number): Promise<'purged' | 'not_dead' | 'missing'> {
    const isDead = ({ state, round }: DeliveryState) =>
      state === 'x' && (seenRound === undefined || round === seenRound)
    const ended = await this.#transition(
      target,
      isDead,
      (state) => ({ ...state, state: 'e' }),
      'job',
    )
    if (ended.result === 'finished') return 'not_dead'
    if (ended.result === 'missing') return 'missing'
    await this.#removeDeadLetter(ended.queues, target, ended.state.round)
    return 'purged'
  }

  /** Reads, decides, writes if nothing changed meanwhile; else looks again. */
  async #transition(
    target: DeliveryRef,
    may: (state: DeliveryState) => boolean,
    to: (state: DeliveryState, nowMs: number) => DeliveryState,
    guard: Guard,
  ): Promise<
    | { result: 'missing' }
    | { result: 'finished' }
    | { result: 'done'; queues: ShardQueues; state: DeliveryState }
  > {
    const found = await this.#find(target)
    if (!found) return { result: 'missing' }
    const { queues, head } = found
    const key = fanOutKey(queues.shard, target.tenant, target.eventId)
    for (;;) {
      const packed = await this.#deps.redis.hget(key, target.webhookId)
      if (packed === null) return { result: 'missing' }
      const state = parseState(packed)
      if (!may(state)) return { result: 'finished' }
      const next = to(state, Math.round(this.#deps.now()))
      const [answer] = await settle(this.#deps.redis, queues.shard, head, [
        {
          webhookId: target.webhookId,
          round: state.round,
          attempt: state.attempt,
          to: next,
          guard,
          log: next.extra[0] ? { reason: next.extra[0] } : {},
        },
      ])
      if (answer?.applied) {
        if (state.state === 'r') {
          await this.#removeWakeUp(queues, target, state.round, state.attempt)
        }
        return { result: 'done', queues, state: next }
      }
    }
  }

  async #find(target: DeliveryRef): Promise<{ queues: ShardQueues; head: EventHead } | undefined> {
    const shard = shardOf(this.#deps.shards, target.tenant, target.eventId)
    const bytes = await this.#deps.redis.getBuffer(recordKey(shard, target.tenant, target.eventId))
    if (!bytes) return undefined
    const record = decodeRecord(target.tenant, target.eventId, bytes)
    if (record.done) return undefined
    return { queues: this.#deps.queues[shard.index] as ShardQueues, head: record }
  }

  /** Tidying only: a wake-up that does not match its record sends nothing. */
  async #removeWakeUp(
    queues: ShardQueues,
    target: DeliveryRef,
    round: number,
    attempt: number,
  ): Promise<void> {
    await queues.deliveries.remove(wakeUpJobId(deliveryId(target), round, attempt))
  }

  /** Tidying only: a letter whose delivery is no longer dead in that round does nothing. */
  async #removeDeadLetter(queues: ShardQueues, target: DeliveryRef, round: number): Promise<void> {
    await queues.deadLetters.remove(deadLetterJobId(deliveryId(target), round))
  }
}

const reopenKeys = (shard: Shard, { tenant, id }: EventHead): string[] => [
  fanOutKey(shard, tenant, id),
  attemptsKey(shard, tenant, id),
  leasesKey(shard),
  logKey(shard),
  recordKey(shard, tenant, id),
]

const isOpenState = ({ state }: DeliveryState): boolean => isOpen(state)
