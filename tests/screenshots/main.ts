// npm run screenshots [-- <folder>]: every page of the dashboard, light and dark, with data, with
// none, and failing; to be looked at.
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { startRedis } from '@posthorn/shared/testing/redis.ts'
import type { Browser } from 'playwright-core'
import { pagesOf } from '../dashboard/pages.ts'
import { portalPagesOf } from '../dashboard/portal-pages.ts'
import { seedHistory } from '../dashboard/seed.ts'
import { type Theme, Visit, type VisitOptions } from '../dashboard/visit.ts'
import { makeWorld, type World } from '../dashboard/world.ts'
import { buildDashboard, launchChromium } from '../harness/chromium.ts'
import { repositoryRoot } from '../harness/place.ts'
import { type Posthorn, startPosthorn } from '../harness/posthorn.ts'

const [given, only] = process.argv.slice(2)
const folder = resolve(given ?? `${repositoryRoot}/.posthorn/screenshots`)
const THEMES: readonly Theme[] = ['light', 'dark']
const SEEDED_ATTEMPTS = 20_000
const PHONE = { width: 390, height: 844 }
const PORTAL_THEMES = {
  warm: { accent: '#c2410c', background: '#fff7ed', radius: 14, font: 'serif' },
  night: { accent: '#22d3ee', background: '#0b1020', radius: 2 },
}
const EMPTY = [
  'home',
  'webhooks',
  'events',
  'deliveries',
  'dead-letters',
  'live',
  'tasks',
  'access',
  'test-receiver',
]

mkdirSync(folder, { recursive: true })
await buildDashboard()
const redis = await startRedis({ persistent: true })
const posthorn = await startPosthorn({
  redisUrl: redis.url,
  env: { POSTHORN_TEST_RECEIVER: 'on' },
})
const browser = await launchChromium()
try {
  await takeAll(posthorn, browser)
} finally {
  await browser.close()
  await posthorn.stop()
  await redis.stop()
}
console.log(`Written to ${folder}`)
process.exit()

async function takeAll(posthorn: Posthorn, chromium: Browser): Promise<void> {
  const { url, key } = posthorn
  const empty = Object.fromEntries(
    EMPTY.map((name) => [`empty-${name}`, name === 'home' ? '/' : `/${name}`]),
  )
  await take(chromium, url, empty, { key })
  await take(chromium, url, { 'sign-in': '/sign-in' }, {})
  // A day that charts can show.
  await seedHistory(posthorn, SEEDED_ATTEMPTS)
  const world = await makeWorld(posthorn)
  const pages = pagesOf(world)
  await take(chromium, url, pages, {
    key,
    once: { live: (visit) => publish(world, visit) },
  })
  const failing = {
    'failing-webhook': '/webhooks/wh_none',
    'failing-list': '/deliveries?webhook=!',
  }
  await take(chromium, url, failing, { key })
  await takePortal(posthorn, chromium, world)
  const small = { 'phone-deliveries': '/deliveries', 'phone-delivery': pages.delivery ?? '' }
  await take(chromium, url, small, { key, ...PHONE })
}

/** Something for the tail. */
async function publish({ tenant }: World, { page }: Visit): Promise<void> {
  await page.getByText('live', { exact: true }).waitFor()
  for (const type of ['user.created', 'invoice.paid', 'user.deleted', 'invoice.overdue']) {
    await tenant.publish({ type, data: { id: 'u_1' } })
  }
  await page.getByRole('link', { name: 'invoice.overdue' }).first().waitFor()
}

async function takePortal(posthorn: Posthorn, chromium: Browser, world: World): Promise<void> {
  const { url } = posthorn
  const tokenFor = async (tenant: string, theme = {}) => {
    const { token } = await posthorn
      .client()
      .post<{ token: string }>(201, '/v1/portal-links', { tenant, theme })
    return token
  }
  const token = await tokenFor(world.tenant.name)
  const pages = portalPagesOf(world, token)
  await take(chromium, url, pages, {})
  const empty = await tokenFor('nobody')
  const others = {
    'portal-empty-webhooks': `/portal/webhooks#${empty}`,
    'portal-empty-deliveries': `/portal/deliveries#${empty}`,
    'portal-ended': '/portal/webhooks#pht_ended',
    'portal-missing': '/portal/webhooks',
    'portal-failing': `/portal/webhooks/wh_none#${token}`,
  }
  await take(chromium, url, others, {})
  const phone = Object.entries(pages).map(([name, path]) => [`phone-${name}`, path])
  await take(chromium, url, Object.fromEntries(phone), PHONE)
  for (const [name, theme] of Object.entries(PORTAL_THEMES)) {
    const own = portalPagesOf(world, await tokenFor(world.tenant.name, theme))
    const { 'portal-webhooks': list = '', 'portal-webhook': one = '' } = own
    const themed = { [`portal-${name}-webhooks`]: list, [`portal-${name}-webhook`]: one }
    await take(chromium, url, themed, {})
  }
}

async function take(
  chromium: Browser,
  url: string,
  pages: Readonly<Record<string, string>>,
  options: VisitOptions & {
    /** What is to happen once a page is open, before its picture is taken. */
    readonly once?: Readonly<Record<string, (visit: Visit) => Promise<void>>>
  },
): Promise<void> {
  for (const theme of THEMES) {
    const wanted = Object.entries(pages).filter(([name]) => !only || new RegExp(only).test(name))
    if (wanted.length === 0) continue
    const visit = await Visit.start(chromium, url, { theme, ...options })
    for (const [name, path] of wanted) {
      await visit.open(path)
      await options.once?.[name]?.(visit)
      await visit.page.waitForLoadState('networkidle').catch(() => {})
      await visit.page.screenshot({ path: `${folder}/${name}-${theme}.png` })
    }
    for (const complaint of visit.complaints) console.error(`${theme}: ${complaint}`)
    await visit.leave()
  }
}
