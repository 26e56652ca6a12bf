import { recordFanOuts } from '@posthorn/shared/delivery/fan-out.ts'
import { deadLetterJobId, deliveryId, wakeUpJobId } from '@posthorn/shared/delivery/id.ts'
import { leaseMember } from '@posthorn/shared/delivery/lease.ts'
import { settle } from '@posthorn/shared/delivery/settle.ts'
import { parseState } from '@posthorn/shared/delivery/state.ts'
import type { Transition } from '@posthorn/shared/delivery/transition.ts'
import { newId } from '@posthorn/shared/event/new-id.ts'
import { leasesKey } from '@posthorn/shared/queue/keys.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import { createLogger } from '@posthorn/shared/runtime/log.ts'
import { startEngine, storeEvent, type TestEngine } from '@posthorn/shared/testing/engine.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Work } from '../attempt/work.ts'
import { type AttemptEnd, Ending } from './ending.ts'
import { HandOffs } from './hand-offs.ts'
import type { Settler } from './settler.ts'

const log = createLogger('test', { logLevel: 'silent' })
const WH = 'wh_01JDC7M5T5G3X9N8K2QRSTVWXY'
let engine: TestEngine

beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())

/** An attempt that had left its batch, and whose outcome has just been recorded. */
async function ended(packed: string): Promise<AttemptEnd> {
  const event = await storeEvent(engine, newId('evt'))
  await recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds: [WH] }], 1)
  const to = parseState(packed)
  const write = { webhookId: WH, round: 1, attempt: 1, guard: 'lease' as const }
  const leave: Transition = { ...write, to: parseState('la 1 1 0 1') }
  await settle(engine.redis, engine.shard, event, [leave])
  const transition: Transition = { ...write, to }
  const [applied] = await settle(engine.redis, engine.shard, event, [transition])
  const ref = { tenant: event.tenant, eventId: event.id, webhookId: WH }
  const queues = engine.queues[0] as ShardQueues
  const holder = { kind: 'batch', isHeld: () => true }
  const work = { ref, event: { record: event, queues }, state: parseState('pa 1 1 0 1'), holder }
  const result = { outcome: 'http_error', statusCode: 500, durationMs: 1 }
  return { work, result, transition, applied, endedMs: 2 } as unknown as AttemptEnd
}

const endingWith = (handOffs: HandOffs) =>
  new Ending({ redis: engine.redis, settler: {} as Settler, handOffs, now: Date.now, log })

const realHandOffs = () =>
  new HandOffs({
    now: Date.now,
    deadLetterRetentionMs: 60_000,
    onGone: () => Promise.resolve(),
  })

const isLeased = async ({ ref }: Work, attempt: number) =>
  (await engine.redis.zscore(
    leasesKey(engine.shard),
    leaseMember({ ...ref, round: 1, attempt }),
  )) !== null

describe('an outcome that comes after its job has ended', () => {
  const retryAt = Date.now() + 60_000

  test.each([
    ['a retry', `ra 1 2 1 ${retryAt}`, 2, 'deliveries', wakeUpJobId],
    ['a dead letter', 'xa 1 1 1 2 exhausted', 1, 'deadLetters', deadLetterJobId],
  ] as const)(
    '%s is handed on, then its lease goes',
    async (_name, packed, attempt, queue, idOf) => {
      const end = await ended(packed)
      expect(await isLeased(end.work, attempt)).toBe(true)
      await endingWith(realHandOffs()).afterAttempt(end)
      const job = await end.work.event.queues[queue].getJob(
        idOf(deliveryId(end.work.ref), 1, attempt),
      )
      expect(job).toBeDefined()
      expect(await isLeased(end.work, attempt)).toBe(false)
    },
  )

  test.each([
    ['a retry', `ra 1 2 1 ${retryAt}`, 2],
    ['a dead letter', 'xa 1 1 1 2 exhausted', 1],
  ] as const)('%s that could not be handed on keeps its lease', async (_name, packed, attempt) => {
    const end = await ended(packed)
    const refused = () => Promise.reject(new Error('Redis went away'))
    const handOffs = { wakeUp: refused, deadLetter: refused } as unknown as HandOffs
    await expect(endingWith(handOffs).afterAttempt(end)).rejects.toThrow('Redis went away')
    expect(await isLeased(end.work, attempt)).toBe(true)
  })
})

test.each([
  ['a retry', `ra 1 2 1 ${Date.now() + 60_000}`, 2, 'deliveries', wakeUpJobId],
  ['a dead letter', 'xa 1 1 1 2 exhausted', 1, 'deadLetters', deadLetterJobId],
] as const)(
  'an outcome that is refused hands on %s of another run, which was killed before it did',
  async (_name, packed, attempt, queue, idOf) => {
    const other = await ended(packed)
    const { work } = other
    const transition = { ...other.transition, to: parseState('ra 1 2 1 7') }
    const [applied] = await settle(engine.redis, engine.shard, work.event.record, [transition])
    expect(applied).toMatchObject({ applied: false })
    const refused = { ...other, transition, applied } as AttemptEnd
    await endingWith(realHandOffs()).afterAttempt(refused)
    const job = await work.event.queues[queue].getJob(idOf(deliveryId(work.ref), 1, attempt))
    expect(job).toBeDefined()
  },
)
