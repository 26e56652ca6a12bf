import { request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { withRedis } from '../harness/contents.ts'
import { waitFor } from '../harness/wait.ts'
import { judge } from './check/settle.ts'
import { Field, TENANT } from './field/field.ts'
import { eventId, SUBSCRIPTIONS } from './load/events.ts'
import { Random } from './random.ts'

// A harness that cannot fail proves nothing: each of these plants what it must find.

const QUIET_MS = 4_000
const CLEAN = { lost: [], open: [], duplicates: 0, unexplained: [], wrongDead: [], uncalledFor: [] }

async function open(options: Parameters<typeof Field.open>[1] = {}): Promise<Field> {
  const field = await Field.open(new Random(1), { apis: 1, workers: 1, ...options })
  onTestFinished(async () => {
    await field.close()
  })
  return field
}

test('without a fault the harness finds nothing', async () => {
  const field = await open()
  await field.flow(500)
  await field.endLoad()
  expect(await judge(field)).toMatchObject({ ...CLEAN, events: field.published.acknowledged })
})

test('an event that is deleted from Redis after its 202 is reported as lost, and no other', async () => {
  const field = await open()
  const worker = field.posthorn.workers[0]
  await worker?.kill('SIGKILL')
  field.begin()
  await waitFor(() => field.published.acknowledged > 200, { what: '200 events to be acknowledged' })
  await field.endLoad()
  const record = `{${field.posthorn.namespace}-0}:e:${TENANT}/${eventId(5)}`
  expect(await withRedis(field.redis.url, (redis) => redis.del(record))).toBe(1)
  worker?.spawn()
  await worker?.ready()
  const findings = await judge(field, {}, QUIET_MS)
  expect(findings).toMatchObject({ ...CLEAN, lost: ['f-5 at every'] })
})

test('a request that comes twice is reported as a duplicate that nothing explains', async () => {
  const field = await open()
  await field.flow(100)
  await field.endLoad()
  const settled = await judge(field)
  expect(settled).toMatchObject(CLEAN)
  const { body } = await request(field.receiver.urlOf('/every'), {
    method: 'POST',
    headers: { 'webhook-id': eventId(5) },
  })
  await body.dump()
  const findings = await judge(field)
  expect(findings.duplicates).toBe(1)
  expect(findings.unexplained).toEqual([expect.stringContaining('f-5 at every')])
})

test('a dead letter without a reason that the test gave is reported as wrong', async () => {
  const subscriptions = SUBSCRIPTIONS.map((each) =>
    each.name === 'slow' ? { ...each, behaviour: { status: 410 } } : each,
  )
  const field = await open({ subscriptions })
  await field.flow(200)
  await field.endLoad()
  const { wrongDead } = await judge(field, {}, QUIET_MS)
  expect(wrongDead).toContainEqual(expect.stringContaining('at slow: dead (gone)'))
})
