import { recordFanOuts } from '@posthorn/shared/delivery/fan-out.ts'
import { deadLetterJobId, deliveryId } from '@posthorn/shared/delivery/id.ts'
import { settle } from '@posthorn/shared/delivery/settle.ts'
import { parseState } from '@posthorn/shared/delivery/state.ts'
import type { Guard } from '@posthorn/shared/delivery/transition.ts'
import { newId } from '@posthorn/shared/event/new-id.ts'
import { leasesKey } from '@posthorn/shared/queue/keys.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'
import { TaskStore } from '@posthorn/shared/task/store.ts'
import { Killed, killedAt } from '@posthorn/shared/testing/break-at.ts'
import { startEngine, storeEvent, type TestEngine } from '@posthorn/shared/testing/engine.ts'
import { enabled } from '@posthorn/shared/webhook/change.ts'
import { WebhookRegistry } from '@posthorn/shared/webhook/registry.ts'
import { WebhookStore } from '@posthorn/shared/webhook/store.ts'
import { Vault } from '@posthorn/shared/webhook/vault.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Deliverer } from '../attempt/deliverer.ts'
import { processBatch } from '../fan-out/batch.ts'
import { sweepLeases } from '../lease/sweep.ts'
import { processWake } from '../wake/wake.ts'
import { disableGone } from './gone.ts'
import { HandOffs } from './hand-offs.ts'

const TENANT = 'acme'
let engine: TestEngine
let webhooks: WebhookStore
let tasks: TaskStore

beforeAll(async () => {
  engine = await startEngine()
  webhooks = new WebhookStore(engine.redis, engine.namespace)
  tasks = new TaskStore({ ...engine, now: Date.now, retentionMs: 60_000 })
})
afterAll(() => engine.close())

/** What a worker hands on with, through a connection of its own. */
function handOffsOver(redis: RedisClient): HandOffs {
  const store = new TaskStore({ ...engine, redis, now: Date.now, retentionMs: 60_000 })
  const onGone = disableGone({
    webhooks: new WebhookStore(redis, engine.namespace),
    startTask: (task) => store.create(task),
    now: Date.now,
    log: { warn: () => undefined },
  })
  return new HandOffs({ now: Date.now, deadLetterRetentionMs: 60_000, onGone })
}

async function newWebhook(): Promise<string> {
  const id = newId('wh')
  const now = Date.now() - 60_000
  await webhooks.create({
    id,
    tenant: TENANT,
    url: 'https://example.com/',
    eventTypes: ['*'],
    enabled: true,
    paused: false,
    headers: {},
    secrets: [{ value: 'sealed', createdAt: now }],
    createdAt: now,
    updatedAt: now,
  })
  return id
}

const tasksFor = async (webhook: string) =>
  (await tasks.list({ tenant: TENANT, limit: 1_000 })).filter(
    ({ spec }) => spec.kind === 'disable' && spec.webhook === webhook,
  ).length

/** A first attempt got a 410, and its outcome is recorded. */
async function recordedAsGone(guard: Guard) {
  const webhookId = await newWebhook()
  const event = await storeEvent(engine, newId('evt'))
  await recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds: [webhookId] }], 1)
  const to = parseState(`xa 1 1 1 ${Date.now()} gone`)
  await settle(engine.redis, engine.shard, event, [{ webhookId, round: 1, attempt: 1, to, guard }])
  return { ref: { tenant: TENANT, eventId: event.id, webhookId }, to }
}

type Recorded = Awaited<ReturnType<typeof recordedAsGone>>
const queues = () => engine.queues[0] as ShardQueues
const holder = { kind: 'wake' as const, isHeld: () => true }

function depsOfNext() {
  const vault = new Vault([Buffer.alloc(32)])
  const retryPolicy = { type: 'schedule' as const, delaysSeconds: [1], jitter: 0 }
  const defaults = { retryPolicy, timeoutMs: 1_000 }
  return {
    redis: engine.redis,
    registry: new WebhookRegistry({ ...engine, vault, defaults, onUnreadable: () => undefined }),
    deliverer: { deliver: () => Promise.reject(new Error('sent again')) } as unknown as Deliverer,
    handOffs: handOffsOver(engine.redis),
    parkAgain: async () => undefined,
    lineUpAgain: async () => undefined,
    now: Date.now,
    onMissing: () => undefined,
    wakeLane: () => undefined,
  }
}

/** Whoever comes after the killed one, by what held the delivery. */
const followers: [by: string, Guard, (recorded: Recorded) => Promise<void>][] = [
  [
    'its batch, which runs again',
    'batch',
    ({ ref }) => {
      const payload = { v: 1 as const, kind: 'batch' as const }
      const events: [string, string, string][] = [[ref.tenant, ref.eventId, '0.0']]
      const batch = { ...holder, kind: 'batch' as const }
      return processBatch(depsOfNext(), queues(), { ...payload, events }, 'job_2', batch)
    },
  ],
  [
    'its wake-up, which runs again',
    'job',
    ({ ref }) => {
      const { tenant, eventId: event, webhookId: webhook } = ref
      const payload = { v: 1 as const, kind: 'wake' as const, tenant, event, webhook }
      return processWake(depsOfNext(), queues(), { ...payload, round: 1, attempt: 1 }, holder)
    },
  ],
  [
    'the sweep, when its lease has run out',
    'lease',
    async ({ ref }) => {
      const key = leasesKey(engine.shard)
      const leases = (await engine.redis.zrange(key, '0', '-1')).filter((member) =>
        member.includes(ref.eventId),
      )
      expect(leases).toHaveLength(1)
      await engine.redis.zadd(key, 1, leases[0] as string)
      await sweepLeases(depsOfNext(), queues())
      // The hand-off is known to be done: nothing needs to look again.
      expect(await engine.redis.zscore(key, leases[0] as string)).toBeNull()
    },
  ],
]

const kills: [command: number, when: 'before' | 'after'][] = [
  [1, 'before'],
  [1, 'after'],
  [2, 'before'],
  [2, 'after'],
]

test.each(
  followers.flatMap(([by, guard, follow]) =>
    kills.map(([n, when]) => ({ by, guard, follow, n, when })),
  ),
)(
  'killed $when write $n of a 410 hand-off, the webhook is disabled and its rest ended by $by',
  async ({ guard, follow, n, when }) => {
    const recorded = await recordedAsGone(guard)
    const { ref, to } = recorded
    const handOffs = handOffsOver(killedAt(engine.redis, n, when))
    await expect(handOffs.deadLetter(queues(), ref, to)).rejects.toBeInstanceOf(Killed)

    await follow(recorded)

    const webhook = await webhooks.get(TENANT, ref.webhookId)
    expect(webhook).toMatchObject({
      enabled: false,
      disabledReason: expect.stringContaining('410'),
    })
    expect(await tasksFor(ref.webhookId)).toBeGreaterThanOrEqual(1)
    const letter = deadLetterJobId(deliveryId(ref), 1)
    expect(await queues().deadLetters.getJob(letter)).toBeTruthy()

    // A job that comes later still, when a person has enabled the webhook, leaves it enabled.
    await webhooks.update(TENANT, ref.webhookId, enabled(Date.now() + 1_000))
    const tasksBefore = await tasksFor(ref.webhookId)
    await handOffsOver(engine.redis).again(queues(), ref, to)
    expect((await webhooks.get(TENANT, ref.webhookId))?.enabled).toBe(true)
    expect(await tasksFor(ref.webhookId)).toBe(tasksBefore)
  },
)

test('of many 410s at once one starts the task', async () => {
  const { ref, to } = await recordedAsGone('batch')
  const handOffs = handOffsOver(engine.redis)
  await Promise.all(Array.from({ length: 20 }, () => handOffs.deadLetter(queues(), ref, to)))
  expect((await webhooks.get(TENANT, ref.webhookId))?.enabled).toBe(false)
  expect(await tasksFor(ref.webhookId)).toBe(1)
})
