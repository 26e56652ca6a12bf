// npm run screenshots -- [--only <pattern>] [folder]: every page of the dashboard, light and dark, with
// data, with none, and failing; to be looked at.
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startRedis, type TestRedis } from '@posthorn/shared/testing/redis.ts'
import type { Page } from 'playwright-core'
import { pagesOf } from '../dashboard/pages.ts'
import { portalPagesOf } from '../dashboard/portal-pages.ts'
import { seedHistory } from '../dashboard/seed.ts'
import { type Theme, Visit, type VisitOptions } from '../dashboard/visit.ts'
import { makeWorld, type World } from '../dashboard/world.ts'
import { buildDashboard, launchChromium } from '../harness/chromium.ts'
import { repositoryRoot } from '../harness/place.ts'
import { startPosthorn } from '../harness/posthorn.ts'
import { openedOf, type Picture } from './opened.ts'

type Paths = Readonly<Record<string, string>>
type Pictures = Readonly<Record<string, string | Picture>>

const { values, positionals } = parseArgs({
  options: { only: { type: 'string', default: '' } },
  allowPositionals: true,
})
const only = new RegExp(values.only)
const folder = resolve(positionals[0] ?? `${repositoryRoot}/.posthorn/screenshots`)
const THEMES: readonly Theme[] = ['light', 'dark']
const SEEDED_ATTEMPTS = 20_000
const PHONE = { width: 390, height: 844 }
/** What a page that scrolls is pictured at, too. */
const MOST_HEIGHT_PX = 2_400
const PORTAL_THEMES = {
  warm: { accent: '#c2410c', background: '#fff7ed', radius: 14, font: 'serif' },
  night: { accent: '#22d3ee', background: '#0b1020', radius: 2 },
}
const EMPTY = [
  'webhooks',
  'events',
  'deliveries',
  'dead-letters',
  'dead-letters?view=groups',
  'live',
  'tasks',
  'operations',
  'access',
  'test-receiver',
]
/** What nobody finds, and what is refused. */
const MISSING = {
  'missing-page': '/nowhere',
  'missing-webhook': '/webhooks/wh_none',
  'missing-event': '/events/evt_none',
  'missing-delivery': '/deliveries/dlv_none',
  'refused-filter': '/deliveries?webhook=!',
  'unmatched-events': '/events?type=none',
  'unmatched-deliveries': '/deliveries?type=none',
  'unmatched-dead-letters': '/dead-letters?type=none',
  'unmatched-webhooks': '/webhooks?tenant=nobody',
}

mkdirSync(folder, { recursive: true })
await buildDashboard()
const redis = await startRedis({ persistent: true })
const posthorn = await startPosthorn({
  redisUrl: redis.url,
  env: { POSTHORN_TEST_RECEIVER: 'on' },
})
const { url, key } = posthorn
const browser = await launchChromium()
try {
  await takeAll()
} finally {
  await browser.close()
  await posthorn.stop()
  await redis.stop()
}
console.log(`Written to ${folder}`)
process.exit()

async function takeAll(): Promise<void> {
  await take({ 'empty-home': '/', ...named('empty', EMPTY) }, { key })
  await take({ 'sign-in': '/sign-in', 'sign-in-refused': { path: '/sign-in', open: signIn } }, {})
  // A day that charts can show.
  await seedHistory(posthorn, SEEDED_ATTEMPTS)
  const world = await makeWorld(posthorn)
  await makeKeysAndTask(world)
  const pages = pagesOf(world)
  const live = { path: '/live', open: (page: Page) => publish(world, page) }
  await take({ ...pages, live }, { key })
  await take(MISSING, { key })
  const opened = openedOf(world)
  const portal = await portalOf(world)
  await takePortal(world, portal)
  await take(prefixed('phone', { ...pages, live }), { key, ...PHONE })
  await take(prefixed('phone', opened), { key, ...PHONE })
  // These make keys and webhooks.
  await take(opened, { key })
  await takeStates(world)
  await takeFailing(redis, pages, portal)
}

function named(prefix: string, paths: readonly string[]): Paths {
  const name = (path: string) => `${prefix}-${path.replaceAll(/\W+/g, '-')}`
  return Object.fromEntries(paths.map((path) => [name(path), `/${path}`]))
}

function prefixed<Of>(prefix: string, pictures: Readonly<Record<string, Of>>): Record<string, Of> {
  return Object.fromEntries(Object.entries(pictures).map(([name, of]) => [`${prefix}-${name}`, of]))
}

function wanted<Of>(pictures: Readonly<Record<string, Of>>): [string, Of][] {
  return Object.entries(pictures).filter(([name]) => only.test(name))
}

async function makeKeysAndTask({ tenant }: World): Promise<void> {
  const client = posthorn.client()
  const ofTenant = { tenant: tenant.name }
  await client.post(201, '/v1/api-keys', { name: 'shop', role: 'publisher', ...ofTenant })
  await client.post(201, '/v1/api-keys', { name: 'on call', role: 'admin' })
  const body = { ...ofTenant, type: 'user.deleted' }
  await client.post(202, '/v1/dead-letters/redrive', body)
}

/** A webhook that fails now and then, one that is paused, and the same one disabled. */
async function takeStates({ tenant, search }: World): Promise<void> {
  const { data } = await posthorn
    .client()
    .get<{ data: { id: string; name: string }[] }>('/v1/webhooks')
  const failing = data.find(({ name }) => name === 'Subscriber 2')
  const path = `/webhooks/${search.id}`
  await take({ 'webhook-day': `/webhooks/${failing?.id}`, 'webhook-paused': path }, { key })
  await tenant.act(search.id, 'disable')
  await take({ 'webhook-disabled': path }, { key })
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('API key').fill('posthorn_wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
}

/** Something for the tail. */
async function publish({ tenant }: World, page: Page): Promise<void> {
  await page.getByText('live', { exact: true }).waitFor()
  for (const type of ['user.created', 'invoice.paid', 'user.deleted', 'invoice.overdue']) {
    await tenant.publish({ type, data: { id: 'u_1' } })
  }
  await page.getByRole('link', { name: 'invoice.overdue' }).first().waitFor()
}

async function tokenFor(tenant: string, theme = {}): Promise<string> {
  const links = '/v1/portal-links'
  return (await posthorn.client().post<{ token: string }>(201, links, { tenant, theme })).token
}

async function portalOf(world: World, theme = {}): Promise<Paths> {
  return portalPagesOf(world, await tokenFor(world.tenant.name, theme))
}

async function takePortal(world: World, pages: Paths): Promise<void> {
  await take(pages, {})
  const empty = await tokenFor('nobody')
  const token = await tokenFor(world.tenant.name)
  await take(
    {
      'portal-empty-webhooks': `/portal/webhooks#${empty}`,
      'portal-empty-deliveries': `/portal/deliveries#${empty}`,
      'portal-ended': '/portal/webhooks#pht_ended',
      'portal-no-token': '/portal/webhooks',
      'portal-missing': `/portal/webhooks/wh_none#${token}`,
    },
    {},
  )
  await take(prefixed('phone', pages), PHONE)
  for (const [name, theme] of Object.entries(PORTAL_THEMES)) {
    const own = await portalOf(world, theme)
    const { 'portal-webhooks': list = '', 'portal-webhook': one = '' } = own
    await take({ [`portal-${name}-webhooks`]: list, [`portal-${name}-webhook`]: one }, {})
  }
}

/** What somebody meets whose dashboard stands open while Redis is gone. */
async function takeFailing({ kill, restart }: TestRedis, pages: Paths, portal: Paths) {
  const operator = await Visit.start(browser, url, { key })
  const customer = await Visit.start(browser, url)
  await operator.open('/live')
  await customer.open(portal['portal-deliveries'] ?? '')
  await kill()
  for (const [visit, paths] of [
    [operator, pages],
    [customer, portal],
  ] as const) {
    for (const [name, path] of wanted(prefixed('failing', paths))) {
      // Within the page: what it has read of who is signed in stays read.
      await visit.page.evaluate(`history.pushState({}, '', ${JSON.stringify(path)})`)
      await visit.page.waitForTimeout(300)
      await picture(visit, name)
    }
    await visit.leave()
  }
  await take({ 'failing-sign-in': { path: '/sign-in', open: signIn } }, {})
  await restart()
}

async function take(pictures: Pictures, options: VisitOptions): Promise<void> {
  const taken = wanted(pictures)
  if (taken.length === 0) return
  const visit = await Visit.start(browser, url, options)
  for (const [name, given] of taken) {
    const { path, open }: Picture = typeof given === 'string' ? { path: given } : given
    try {
      await visit.open(path)
      await open?.(visit.page)
      await picture(visit, name)
    } catch (error) {
      console.error(`${name}: ${error}`)
      process.exitCode = 1
    }
  }
  for (const complaint of visit.complaints) console.error(complaint)
  await visit.leave()
}

/** As it is first seen and, where it scrolls, the whole of it. */
async function picture(visit: Visit, name: string): Promise<void> {
  const { page } = visit
  await visit.settled()
  await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => {})
  const before = page.viewportSize()
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme })
    await page.waitForTimeout(200)
    await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png` })
    const height = Math.min(MOST_HEIGHT_PX, await heightOf(page))
    if (!before || height <= before.height) continue
    await page.setViewportSize({ ...before, height })
    await page.screenshot({ path: `${folder}/${name}-whole-${colorScheme}.png` })
    await page.setViewportSize(before)
  }
}

/** What it takes to show all that scrolls in the page or its dialog. */
async function heightOf(page: Page): Promise<number> {
  return Number(
    await page.evaluate(`(() => {
      const dialog = document.querySelector('[role="dialog"]')
      const scrolls = dialog?.parentElement ?? document.querySelector('main') ?? document.body
      return innerHeight + scrolls.scrollHeight - scrolls.clientHeight
    })()`),
  )
}
