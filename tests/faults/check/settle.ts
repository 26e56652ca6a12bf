import { setTimeout as pause } from 'node:timers/promises'
import type { DeadLetter, Delivery, EventView } from '../../harness/shapes.ts'
import { machineMs } from '../clock.ts'
import { type Field, TENANT } from '../field/field.ts'
import { numberOf } from '../load/events.ts'
import { ACKNOWLEDGED, check, type Evidence, type Findings, type Told } from './checker.ts'

const LOOK_EVERY_MS = 500
const SHOWN = 3
/** A job that goes on stalling waits for a minute at the most: what is quiet for longer is stuck. */
const QUIET_MS = 100_000

const STATUSES = ['pending', 'retrying', 'parked', 'cancelled'] as const

/**
 * Waits until nothing is open any more, or nothing has arrived for `quietMs`, and judges.
 * The load must have ended.
 */
export async function judge(
  field: Field,
  { mayEnd }: Pick<Evidence, 'mayEnd'> = {},
  quietMs = QUIET_MS,
): Promise<Findings> {
  await settle(field, quietMs)
  const findings = check({
    published: field.published.states,
    subscribers: await field.subscribers(),
    told: await told(field),
    disturbances: field.disturbances,
    forgotten: field.forgotten,
    mayEnd,
  })
  const unfinished = [...findings.lost.slice(0, SHOWN), ...findings.open.slice(0, SHOWN)]
  for (const each of unfinished) await explain(field, each)
  return findings
}

async function settle(field: Field, quietMs: number): Promise<void> {
  const total = () =>
    field.subscriptions.reduce((n, { name }) => n + field.receiver.total(`/${name}`), 0)
  let last = total()
  let changedMs = machineMs()
  for (;;) {
    await pause(LOOK_EVERY_MS)
    if (total() !== last) {
      last = total()
      changedMs = machineMs()
    } else if (machineMs() - changedMs > 1_500 && (await isIdle(field))) return
    if (machineMs() - changedMs > quietMs) return
  }
}

/**
 * First whether every request has come: an event that is not fanned out is in no list. Then the lists,
 * twice, since they lag by up to a second: what was sent just now is open in them by then, or has ended.
 */
async function isIdle(field: Field): Promise<boolean> {
  if (await isSomethingMissing(field)) return false
  for (const look of [1, 2]) {
    for (const status of ['pending', 'retrying', 'parked']) {
      const page = await field.client.call<{ data: unknown[] }>('GET', '/v1/deliveries', {
        query: { tenant: TENANT, status, limit: 1 },
      })
      if (page.status !== 200 || page.body.data.length > 0) return false
    }
    if (look === 1) await pause(1_100)
  }
  return true
}

async function isSomethingMissing(field: Field): Promise<boolean> {
  return (await field.subscribers()).some(
    ({ expects, ledger, mayMiss }) =>
      !mayMiss &&
      field.published.states.some(
        (state, n) => state === ACKNOWLEDGED && expects(n) && !ledger.requests[n],
      ),
  )
}

/** What Posthorn says of every delivery that is not delivered. */
async function told(field: Field): Promise<Told[]> {
  const all: Told[] = []
  const nameOf = (webhook: string) => field.webhooks.get(webhook) ?? webhook
  for (const status of STATUSES) {
    const deliveries = await field.client.all<Delivery>('/v1/deliveries', {
      tenant: TENANT,
      status,
    })
    for (const { event, webhook } of deliveries) {
      const stands = status === 'cancelled' ? status : 'open'
      all.push({ n: numberOf(event), subscriber: nameOf(webhook), status: stands })
    }
  }
  const letters = await field.client.all<DeadLetter>('/v1/dead-letters', { tenant: TENANT })
  for (const { event, webhook, reason } of letters) {
    all.push({ n: numberOf(event), subscriber: nameOf(webhook), status: 'dead', reason })
  }
  return all
}

/** Leaves in the notes what Posthorn says of an event that is lost or never ends. */
async function explain(field: Field, lost: string): Promise<void> {
  const id = lost.split(' ')[0]
  const answer = await field.client.call<EventView>('GET', `/v1/events/${id}`, {
    query: { tenant: TENANT },
  })
  const what = answer.status === 200 ? JSON.stringify(answer.body.deliveries) : answer.text
  field.notes.push(`${lost}: ${answer.status} ${what.slice(0, 600)}`)
}
