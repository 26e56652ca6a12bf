import { setTimeout as pause } from 'node:timers/promises'
import { scrape, sum } from '../../harness/metrics.ts'
import { schedule } from '../../harness/tenant.ts'
import { waitFor } from '../../harness/wait.ts'
import { type Fault, type Outcome, outcomeOf, type Recovery } from '../fault.ts'
import { Field } from '../field/field.ts'
import { SUBSCRIPTIONS } from '../load/events.ts'
import { Random } from '../random.ts'

/** Requests in any sliding second, over all workers, and what the claim allows on top. */
const LIMIT = 500
const ALLOWED = 1.05
/** What was under way when the circuit opened has ended by then. */
const SETTLED_MS = 3_000
/** Probes come each second or two. */
const PROBED_FOR_MS = 10_000
const PARKED_WITHIN_MS = 120_000
const DOWN = { status: 503, delayMs: 50 }

/** No delivery runs out of attempts meanwhile. */
const PATIENT = schedule(1, 2, 5, 30, 600, 3_600)

const subscription = {
  name: 'down',
  eventTypes: ['*'],
  expects: () => true,
  behaviour: DOWN,
  settings: {
    retryPolicy: PATIENT,
    rateLimit: { limit: LIMIT, periodSeconds: 1 },
    circuitBreaker: { probeSeconds: 1, maxProbeSeconds: 2 },
  },
}

/** A receiver fails until 10,000 deliveries are parked; back, it gets them at its limit and no faster. */
export const receiverOutage: Fault = {
  name: 'receiver-outage',
  what: 'a receiver is down until 10,000 deliveries are parked, then drained at its limit',
  full: { events: 10_000, strikes: 1 },
  async run({ events }, seed) {
    const subscriptions = [...SUBSCRIPTIONS.slice(0, 1), subscription]
    const field = await Field.open(new Random(seed), { subscriptions })
    let recovery: Recovery | undefined
    await field.attempt(async () => {
      await field.flow(events)
      await field.endLoad()
      recovery = await recover(field, events)
    })
    const outcome = await outcomeOf(field, { runs: 1, duplicateBound: 0 })
    return recovery ? { ...outcome, recovery, problems: judged(recovery, outcome) } : outcome
  },
}

async function recover(field: Field, events: number): Promise<Recovery> {
  let parked = 0
  await waitFor(
    async () => {
      parked = sum(await scrape(field.posthorn.apis[0]?.url ?? ''), 'posthorn_parked_deliveries')
      return parked >= events
    },
    { what: `${events} parked deliveries`, timeoutMs: PARKED_WITHIN_MS, everyMs: 500 },
  )
  await pause(SETTLED_MS)
  await field.receiver.pace('/down')
  await pause(PROBED_FOR_MS)
  const down = await field.receiver.pace('/down')
  if (down.mostAtOnce === 0) throw new Error('no probe was made')
  await field.receiver.subscriber('/down', {})
  const { acknowledged } = field.published
  await waitFor(async () => (await delivered(field)) >= acknowledged, {
    what: 'everything that was parked to be delivered',
    timeoutMs: PARKED_WITHIN_MS + (acknowledged / LIMIT) * 1_000,
    everyMs: 500,
  })
  const { fullestSecond } = await field.receiver.pace('/down')
  return { parked, limit: LIMIT, fullestSecond, probesAtOnce: down.mostAtOnce }
}

async function delivered(field: Field): Promise<number> {
  const ledger = await field.receiver.ledger('/down')
  return ledger.delivered.reduce((sum, each) => sum + Math.min(1, each), 0)
}

function judged({ limit, fullestSecond, probesAtOnce }: Recovery, { problems }: Outcome): string[] {
  return [
    ...problems,
    ...(fullestSecond > limit * ALLOWED
      ? [`${fullestSecond} requests within a second, the limit is ${limit}`]
      : []),
    ...(probesAtOnce > 1 ? [`${probesAtOnce} probes at once`] : []),
  ]
}
