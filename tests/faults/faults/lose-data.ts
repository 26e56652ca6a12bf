import { truncateSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { endOfAof } from '../../harness/append-only-file.ts'
import { withRedis } from '../../harness/contents.ts'
import { scrape, sum } from '../../harness/metrics.ts'
import { machineMs } from '../clock.ts'
import { type Fault, outcomeOf } from '../fault.ts'
import { Field } from '../field/field.ts'
import { Random } from '../random.ts'

const FSYNC_EVERY_MS = 1_000
/** While an fsync is slow, Redis answers and keeps the write in memory for up to 2 s (`everysec`). */
const WRITE_BEHIND_MS = 2_000
const ANSWERED_LATER_MS = 500
/** What a process held at the kill, Redis has again as not taken: both try it, until a lock tells them. */
const HELD_TWICE_MS = 5_000

/** Power fails: what was written after the last fsync is not on the disk. What was before must be delivered. */
export const cutAof: Fault = {
  name: 'aof-cut',
  what: 'Redis killed and its AOF cut at an earlier fsync (power failure)',
  full: { events: 6_000, strikes: 3 },
  async run({ events, strikes }, seed) {
    const field = await Field.open(new Random(seed), {
      redisArgs: ['--auto-aof-rewrite-percentage', '0'],
    })
    let duplicateBound = 0
    for (let strike = 0; strike < strikes; strike++) {
      await field.attempt(async () => {
        await field.flow(Math.ceil(events / strikes / 2))
        const first = field.published.next
        const end = field.disturb()
        // Everything acknowledged by now is in the file before the cut.
        const acknowledged = new Set(field.published.answeredBetween(0, machineMs()))
        await pause(WRITE_BEHIND_MS + FSYNC_EVERY_MS)
        const { file, bytes } = endOfAof(field.redis.dir)
        await pause(field.random.between(100, FSYNC_EVERY_MS))
        await field.redis.kill('SIGKILL')
        field.kills.redis++
        truncateSync(file, bytes)
        // What Redis answered just before the kill is answered 202 a moment after it.
        await pause(ANSWERED_LATER_MS)
        for (const n of field.published.answeredBetween(0, machineMs()))
          if (!acknowledged.has(n)) field.forgotten.add(n)
        // Whatever was sent since is sent again: its outcome is gone.
        duplicateBound += 2 * (field.published.next - first) + 2_000
        await field.redis.restart()
        field.forgive()
        await field.recovered(machineMs())
        await pause(HELD_TWICE_MS)
        await field.flow(300)
        end()
      })
    }
    await field.endLoad()
    field.notes.push(`${field.forgotten.size} events were acknowledged after the point of the cuts`)
    return await outcomeOf(field, { runs: strikes, duplicateBound })
  },
}

/** Somebody empties Redis: nothing can be delivered any more, so it must at least be said. */
export const flushAll: Fault = {
  name: 'flushall',
  what: 'FLUSHALL under load: noticed and said; new webhooks and events work',
  full: { events: 2_000, strikes: 1 },
  async run({ events }, seed) {
    const field = await Field.open(new Random(seed))
    await field.attempt(async () => {
      await field.flow(events)
      await withRedis(field.redis.url, (redis) => redis.flushall())
      await pause(3_000)
      if (!(await isSaid(field))) field.problems.push('no process says that Redis was emptied')
      for (const n of field.published.answeredBetween(0, machineMs())) field.forgotten.add(n)
      for (const subscription of field.subscriptions) await field.subscribe(subscription)
      const before = field.published.next
      field.forgive()
      await field.flow(300)
      // What was published between the two may have found no webhook.
      for (const n of field.published.answeredBetween(0, machineMs()))
        if (n < before) field.forgotten.add(n)
    })
    await field.endLoad()
    return await outcomeOf(field, { runs: 1, duplicateBound: 0 })
  },
}

async function isSaid(field: Field): Promise<boolean> {
  const series = await Promise.all(field.posthorn.services.map(({ url }) => scrape(url)))
  const missing = series.reduce(
    (total, each) => total + sum(each, 'posthorn_missing_records_total'),
    0,
  )
  const logged = field.posthorn.tails().includes('missing')
  field.notes.push(`missing records counted: ${missing}; logged: ${logged}`)
  return missing > 0 || logged
}
