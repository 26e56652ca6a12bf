import { METRIC_NOTES } from '@posthorn/shared/runtime/metric-notes.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PanelQuery, panelQueries } from './harness/dashboards.ts'
import { Load } from './harness/load.ts'
import { type Posthorn, privateRedis, startPosthorn } from './harness/posthorn.ts'
import { NO_PROMETHEUS, Prometheus, type Sample, tools } from './harness/prometheus.ts'
import { schedule, type Tenant } from './harness/tenant.ts'
import { waitFor } from './harness/wait.ts'

// Every panel's query, asked of a real Prometheus that has scraped an API and two workers, each second,
// while there was traffic with failures of every kind.

const DEAD = 12
const SCHEDULED = 7
const PARKED = 5
const WAIT_MS = 20_000

let posthorn: Posthorn
let prometheus: Prometheus
let redis: Awaited<ReturnType<typeof privateRedis>>
let shop: Tenant
let load: Load

const queries = panelQueries({ rate: '10s', range: '1m' })
const fails = (type: string, n: number) =>
  Promise.all(Array.from({ length: n }, () => shop.publish({ type })))

beforeAll(async () => {
  if (!tools) return
  redis = await privateRedis(['--maxmemory', '1gb'])
  posthorn = await startPosthorn({ workers: 2, redisUrl: redis.url })
  const targets = posthorn.services.map(({ kind, port }) => ({ job: `posthorn-${kind}`, port }))
  prometheus = await Prometheus.start(targets, redis.url, tools)
  const receiver = await posthorn.receiver()
  shop = posthorn.tenant('panels')
  const hook = (
    type: string,
    script: Parameters<typeof receiver.endpoint>[0],
    ...delays: number[]
  ) =>
    shop.webhook({
      url: receiver.endpoint(script).url,
      eventTypes: [type],
      retryPolicy: schedule(...delays),
    })
  await hook('user.created', (_arrival, nth) => (nth === 1 && Math.random() < 0.2 ? 500 : 200), 1)
  await hook('a.dead', 404)
  await hook('a.reset', { reset: 'before' }, 3_600)
  const paused = await hook('a.parked', 200)
  await shop.act(paused.id, 'pause')
  load = new Load(shop, 'panel', 2)
  await fails('a.dead', DEAD)
  await fails('a.reset', SCHEDULED)
  await fails('a.parked', PARKED)
})

afterAll(async () => {
  await load?.stop()
  await prometheus?.stop()
  await posthorn?.stop()
  await redis?.stop()
})

const skipped = tools ? '' : ` (${NO_PROMETHEUS})`
const isNumber = ({ value }: Sample) => Number.isFinite(value)

describe.runIf(tools)(`the dashboards${skipped}`, () => {
  test('have panels to ask for', () => {
    expect(queries.length).toBeGreaterThan(70)
  })

  test.each(queries)('$name has an answer, and a ratio lies between 0 and 1', async (query) => {
    const answer = await waitFor(
      async () => {
        const samples = await prometheus.query(query.expr)
        return samples.some(isNumber) && samples
      },
      { what: query.expr, timeoutMs: WAIT_MS, everyMs: 500, context: () => posthorn.tails() },
    )
    if (query.unit !== 'percentunit') return
    for (const { value } of answer.filter(isNumber)) {
      expect(value, query.expr).toBeGreaterThanOrEqual(0)
      expect(value, query.expr).toBeLessThanOrEqual(1)
    }
  })
})

describe.runIf(tools)(`over an API and two workers${skipped}`, () => {
  const expr = (name: string): string => {
    const found = queries.find((query) => query.name === name)
    if (!found) throw new Error(`there is no panel ${name}`)
    return found.expr
  }

  test.each([
    ['Posthorn: Delivery health: Dead letters, query 1', DEAD],
    ['Posthorn: Queues: Retries scheduled, query 1', SCHEDULED],
    ['Posthorn: Queues: Parked, query 1', PARKED],
    ['Posthorn: Workers and API: APIs ready, query 1', 1],
    ['Posthorn: Workers and API: Workers ready, query 1', 2],
  ])('%s counts each thing once', async (name, count) => {
    await load.stop()
    let seen: Sample[] = []
    await waitFor(
      async () => {
        seen = await prometheus.query(expr(name))
        return seen.length === 1 && seen[0]?.value === count
      },
      { what: `${name} to be ${count}`, timeoutMs: WAIT_MS, context: () => JSON.stringify(seen) },
    )
  })

  test('what is global is the same of one process as of all three', async () => {
    const global = queries.filter((query) => isGlobal(query))
    expect(global.length).toBeGreaterThan(15)
    for (const { name, expr } of global) {
      const api = posthorn.apis[0]?.port
      const one = expr.replaceAll('{namespace', `{instance="127.0.0.1:${api}", namespace`)
      let both: unknown
      await waitFor(
        async () => {
          both = [await values(expr), await values(one)]
          const [all, alone] = both as number[][]
          return all?.join() === alone?.join() && all?.length
        },
        { what: `${name} to be the same`, context: () => JSON.stringify(both) },
      )
    }
  })

  test('deaths are counted once in a sum over processes', async () => {
    // Prometheus extends what it saw to the window's ends, so it is not exact; twice is far off.
    const [died] = await prometheus.query(
      expr('Posthorn: Delivery health: Dead letters over time, query 2'),
    )
    expect(died?.value).toBeGreaterThan(DEAD * 0.7)
    expect(died?.value).toBeLessThan(DEAD * 1.4)
  })

  const values = async (query: string): Promise<number[]> =>
    (await prometheus.query(query)).map(({ value }) => value).toSorted((a, b) => a - b)

  function isGlobal({ expr }: PanelQuery): boolean {
    const names = expr.match(/\b(posthorn|redis|process|nodejs)_[a-z_]+(?=\{)/g) ?? []
    return names.length > 0 && names.every((name) => METRIC_NOTES[name]?.global)
  }
})
