import { startRedis, type TestRedis } from '@posthorn/shared/testing/redis.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { upTo } from '../harness/wait.ts'
import { RARE_TYPE, type Seeded, seedHistory } from './seed.ts'
import { hasBrowser, Stage, why } from './stage.ts'
import type { Visit } from './visit.ts'

const ATTEMPTS = 1_000_000
const SEEDED_WITHIN_MS = 400_000
const P95_MS = 200
const ALL_FILTERS_WITHIN_MS = 180_000
const ROWS_DRAWN = 80
const PER_SECOND = 500
const TAIL_SECONDS = 10
const BEHIND_MS = 1_000
/** Without a frame for so long a page counts as frozen. */
const FROZEN_MS = 1_000

let redis: TestRedis
let stage: Stage
let seeded: Seeded

describe.skipIf(!hasBrowser)(`the dashboard with 1,000,000 attempts${why}`, () => {
  beforeAll(async () => {
    redis = await startRedis()
    const env = { POSTHORN_REDIS_CHECKS: 'warn' }
    stage = await Stage.set({ redisUrl: redis.url, env })
    seeded = await seedHistory(stage.posthorn, ATTEMPTS)
  }, SEEDED_WITHIN_MS)
  afterAll(async () => {
    await stage?.strike()
    await redis?.stop()
  }, SEEDED_WITHIN_MS)

  test(`every filter of a list is answered within ${P95_MS} ms (p95)`, {
    timeout: ALL_FILTERS_WITHIN_MS,
  }, async () => {
    const here = await stage.asAdmin()
    await here.open('/deliveries')
    const took: (readonly [ms: number, path: string])[] = []
    for (const path of filtersOf(seeded)) took.push([await answeredAfter(here, path), path])
    const slowest = took.toSorted(([a], [b]) => b - a)
    const p95 = slowest[Math.floor(slowest.length * 0.05)]
    expect(p95?.[0], p95?.[1]).toBeLessThanOrEqual(P95_MS)
    expect(await stage.complaints()).toEqual([])
  })

  test('a list that is scrolled through thousands of rows draws those in sight', async () => {
    const here = await stage.asAdmin()
    const { page } = here
    await here.open('/deliveries')
    const table = page.getByRole('table', { name: 'Deliveries' })
    await table.waitFor()
    const rows = async () => Number(await table.getAttribute('aria-rowcount'))
    while ((await rows()) < 1_000) {
      const before = await rows()
      await page.evaluate(
        'document.querySelector("main table").parentElement.scrollTo({ top: 1e9 })',
      )
      await page.locator(`table:not([aria-rowcount="${before}"])`).waitFor()
      expect(await table.getByRole('row').count()).toBeLessThanOrEqual(ROWS_DRAWN)
    }
    expect(await stage.complaints()).toEqual([])
  })

  test(`the tail is at most ${BEHIND_MS} ms behind at ${PER_SECOND} attempts a second, and the page does not freeze`, async () => {
    const { posthorn } = stage
    const receiver = await posthorn.receiver()
    const tenant = posthorn.tenant('busy')
    await tenant.webhook({ url: receiver.endpoint(200).url })
    const here = await stage.asAdmin()
    await here.open(`/live?tenant=${tenant.name}`)
    await here.see('live')
    const watched = here.page.evaluate(WATCH, { forMs: TAIL_SECONDS * 1_000 })
    const client = posthorn.client()
    const batches = TAIL_SECONDS * 10
    const began = performance.now()
    for (const n of upTo(batches)) {
      const due = began + n * 100
      await new Promise((next) => setTimeout(next, Math.max(0, due - performance.now())))
      const events = upTo(PER_SECOND / 10).map(() => ({
        ...{ tenant: tenant.name, type: 'tail.fast', data: null },
      }))
      await client.need(202, 'POST', '/v1/events/batch', { body: events })
    }
    const publishedMs = performance.now() - began
    const { behindMs, gapsMs, rows } = (await watched) as Watched
    // Else it was not so many a second.
    expect(publishedMs).toBeLessThanOrEqual(TAIL_SECONDS * 1_000 * 1.1)
    expect(percentile(behindMs, 0.95)).toBeLessThanOrEqual(BEHIND_MS)
    expect(Math.max(...gapsMs)).toBeLessThanOrEqual(FROZEN_MS)
    expect(rows).toBeLessThanOrEqual(ROWS_DRAWN)
    expect(await here.page.getByText('too fast to be shown').count()).toBe(0)
    expect(await stage.complaints()).toEqual([])
  })
})

interface Watched {
  readonly behindMs: number[]
  readonly gapsMs: number[]
  readonly rows: number
}

/** In the page: how old the newest row is, each 100 ms once there is one, and the time between frames. */
const WATCH = ({ forMs }: { forMs: number }) =>
  new Promise<unknown>((resolve) => {
    const { document, requestAnimationFrame, performance: clock } = globalThis as unknown as Page
    const [behindMs, gapsMs] = [[] as number[], [] as number[]]
    let last = clock.now()
    const end = last + forMs
    const frame = (now: number) => {
      gapsMs.push(now - last)
      last = now
      if (now < end) requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
    const look = setInterval(() => {
      const newest = document.querySelector('tbody time')?.getAttribute('datetime')
      if (newest) behindMs.push(Date.now() - Date.parse(newest))
      if (clock.now() < end) return
      clearInterval(look)
      resolve({ behindMs, gapsMs, rows: document.querySelectorAll('tbody tr').length })
    }, 100)
  })

interface Page {
  readonly document: {
    querySelector(selector: string): { getAttribute(name: string): string | null } | null
    querySelectorAll(selector: string): { readonly length: number }
  }
  readonly requestAnimationFrame: (call: (now: number) => void) => void
  readonly performance: { now(): number }
}

const percentile = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1]

/** Each once: what has been read just now would not be asked for again. */
function filtersOf({ webhooks, middle }: Seeded): string[] {
  const statuses = ['delivered', 'dead', 'retrying', 'parked', 'pending', 'cancelled']
  const since = `since=${middle}`
  return [
    ...statuses.map((status) => `/deliveries?status=${status}`),
    ...['user.created', 'invoice.paid', RARE_TYPE, 'none'].flatMap((type) => [
      `/deliveries?type=${type}`,
      `/events?type=${type}`,
      `/dead-letters?type=${type}`,
    ]),
    ...webhooks.flatMap((webhook) => [
      `/deliveries?webhook=${webhook}`,
      `/deliveries?webhook=${webhook}&status=dead`,
      `/deliveries?webhook=${webhook}&type=${RARE_TYPE}`,
      `/dead-letters?webhook=${webhook}`,
    ]),
    ...[`/deliveries?${since}`, `/events?${since}`, `/dead-letters?${since}`],
    ...['/?window=7d', '/?window=1h', '/webhooks?tenant=default'],
  ]
}

/** What else runs on this machine shows in one answer, hardly in each of so many. */
const ASKED = 3

/** Goes there within the page; how long its question to the API took until the answer was whole. */
async function answeredAfter(here: Visit, path: string): Promise<number> {
  const [firstMs, url] = await asked(here, path)
  const took = [firstMs]
  while (Math.min(...took) > P95_MS && took.length < ASKED) {
    const again = `(async () => {
      const began = performance.now()
      await (await fetch(${JSON.stringify(url)})).text()
      return performance.now() - began
    })()`
    took.push(Number(await here.page.evaluate(again)))
  }
  return Math.min(...took)
}

async function asked({ page }: Visit, path: string): Promise<readonly [ms: number, url: string]> {
  const name = path.split(/[?]/)[0]
  const api = name === '/' ? '/v1/stats' : `/v1${name}`
  const query = path.split('?')[1] ?? ''
  const [response] = await Promise.all([
    page.waitForResponse((one) => {
      const url = new URL(one.url())
      return (
        url.pathname === api &&
        [...new URLSearchParams(query)].every(([key, value]) => url.searchParams.get(key) === value)
      )
    }),
    page.evaluate(
      `history.pushState({}, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`,
    ),
  ])
  expect(response.status(), path).toBe(200)
  await response.finished()
  const { requestStart, responseEnd } = response.request().timing()
  return [responseEnd - Math.max(0, requestStart), response.url()]
}
