import type { Page, Request } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Posthorn } from '../harness/posthorn.ts'
import type { NewWebhook } from '../harness/shapes.ts'
import { waitFor } from '../harness/wait.ts'
import { PortalHost } from './portal-host.ts'
import { portalPagesOf } from './portal-pages.ts'
import { seriousOn } from './serious.ts'
import { hasBrowser, SETUP_LIMIT_MS, Stage, why } from './stage.ts'
import type { Visit, VisitOptions } from './visit.ts'
import { liveThrough } from './webhook-life.ts'
import { makeWorld, type World } from './world.ts'

const ALL_PAGES_LIMIT_MS = 240_000
/** What a page could keep beyond its memory. */
const KEPT = 'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])'
const NOTHING = '[{},{},""]'

let stage: Stage
let posthorn: Posthorn
let world: World
let foreign: NewWebhook
let host: PortalHost
let stranger: PortalHost

const visit = (options?: VisitOptions): Promise<Visit> => stage.visit(options)

async function link(more: object = {}): Promise<{ url: string; token: string }> {
  const body = { tenant: world.tenant.name, ...more }
  const path = '/v1/portal-links'
  const made = await posthorn.client().post<{ url: string; token: string }>(201, path, body)
  posthorn.secrets.add(made.token)
  return made
}

/** At one page of the portal, by a link of its own. */
async function at(path: string, options: VisitOptions = {}, more: object = {}): Promise<Visit> {
  const here = await visit(options)
  await here.open(`/portal${path}#${(await link(more)).token}`)
  return here
}

describe.skipIf(!hasBrowser)(`the portal in a browser${why}`, () => {
  beforeAll(async () => {
    const [port, otherPort] = [await PortalHost.freePort(), await PortalHost.freePort()]
    const origins = { POSTHORN_PORTAL_ORIGINS: PortalHost.originAt(port) }
    stage = await Stage.set({ env: { ...origins, POSTHORN_TEST_RECEIVER: 'on' } })
    posthorn = stage.posthorn
    world = await makeWorld(posthorn)
    const { url, key } = posthorn
    const tenant = world.tenant.name
    host = await PortalHost.start({ port, url, key, tenant })
    stranger = await PortalHost.start({ port: otherPort, url, key, tenant })
    const rival = posthorn.tenant('rival')
    foreign = await rival.webhook({ url: 'http://127.0.0.1:9/', name: 'Of the rival' })
  }, SETUP_LIMIT_MS)
  afterEach(async () => {
    expect(await stage?.complaints()).toEqual([])
  })
  afterAll(async () => {
    await host?.stop()
    await stranger?.stop()
    await stage?.strike()
  }, SETUP_LIMIT_MS)

  test('opened by its link it shows the tenant’s webhooks, and keeps the token nowhere', async () => {
    const { page } = await visit()
    const asked: Request[] = []
    page.on('request', (request) => asked.push(request))
    const { url, token } = await link()
    await page.goto(url)
    await page.getByRole('link', { name: 'Billing' }).waitFor()
    expect(page.url()).toBe(`${posthorn.url}/portal/webhooks`)
    expect(await page.evaluate(KEPT)).toBe(NOTHING)
    expect(await page.context().cookies()).toEqual([])
    expect(asked.filter((request) => request.url().includes(token))).toEqual([])
    const referers = await Promise.all(asked.map((request) => request.headerValue('referer')))
    expect(referers.filter((referer) => referer?.includes(token))).toEqual([])
    await page.reload()
    await page.getByRole('heading', { name: 'Open this page by its link' }).waitFor()
    await page.goto(`${posthorn.url}/portal/deliveries#${token}`)
    await page.getByRole('heading', { name: 'Deliveries' }).waitFor()
    expect(page.url()).toBe(`${posthorn.url}/portal/deliveries`)
    expect(await page.evaluate(KEPT)).toBe(NOTHING)
    expect(await page.content()).not.toContain(token)
  })

  test('a webhook is made, tested, paused, resumed, changed, its secret read and rotated, and deleted', async () => {
    const here = await at('/webhooks')
    const { page } = here
    await liveThrough(here, world.crm.url, async () => {
      await page.getByText('What is sent').click()
      await page.getByLabel('Headers').fill('x-shop: 7')
    })
    await page.getByRole('button', { name: 'Reveal' }).click()
    await here.see(/whsec_/)
    const choose = async (name: string): Promise<void> => {
      await page.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name }).click()
    }
    await choose('Rotate the secret')
    await page.getByRole('button', { name: 'Rotate', exact: true }).click()
    await here.see('The new secret')
    await page.getByRole('button', { name: 'Done' }).click()
    await choose('Delete')
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('heading', { name: 'Webhooks', exact: true }).waitFor()
    await page.getByRole('link', { name: 'All orders' }).waitFor({ state: 'detached' })
  })

  test('a dead delivery shows its attempts and is sent again; what failed is counted, then replayed', async () => {
    const here = await at(`/deliveries/${world.dead}`)
    const { page } = here
    await here.see('database is locked')
    await page.getByRole('link', { name: 'Compare with attempt 1' }).click()
    await page.getByRole('region', { name: 'Comparison' }).waitFor()
    for (const operators of ['Cancel', 'Copy as signed curl'])
      expect(await page.getByRole('button', { name: operators }).count()).toBe(0)
    world.billingEndpoint.script = 200
    await page.getByRole('button', { name: 'Retry now' }).click()
    await page.getByRole('button', { name: 'Send again' }).waitFor()
    await page.getByRole('link', { name: 'Billing' }).click()
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Replay' }).click()
    await page.getByLabel('What').selectOption('failed')
    await page.getByRole('button', { name: 'Count first' }).click()
    await here.see(/It would be/)
    await page.getByRole('button', { name: /^Replay \d/ }).click()
    await here.see(/replay: done, (\d+) of \1/)
    world.billingEndpoint.script = 500
  })

  test('nothing of another tenant is to be seen, nor of the operator, whoever is signed in', async () => {
    const here = await at(`/webhooks/${foreign.id}`, { key: posthorn.key })
    const { page } = here
    await here.see('There is no such webhook')
    await page.getByRole('link', { name: 'Webhooks' }).click()
    await page.getByRole('link', { name: 'Billing' }).waitFor()
    expect(await page.getByText('Of the rival').count()).toBe(0)
    expect(await page.getByRole('navigation').getByRole('link').allInnerTexts()).toEqual([
      'Webhooks',
      'Deliveries',
    ])
    await page.goto(`${posthorn.url}/portal/operations#${(await link()).token}`)
    await here.see('There is no such page')
  })

  test('framed by a foreign site that may, it works with the token in memory alone', async () => {
    const { page } = await visit({ key: posthorn.key })
    const asked: Request[] = []
    page.on('request', (request) => asked.push(request))
    await page.goto(host.url)
    const framed = page.frameLocator('iframe')
    await framed.getByRole('link', { name: 'Billing' }).click()
    await framed.getByRole('heading', { name: 'Billing' }).waitFor()
    const frame = page.frames()[1]
    expect(new URL(frame?.url() ?? '').origin).toBe(posthorn.url)
    expect(frame?.url()).not.toContain('#')
    expect(await frame?.evaluate(KEPT)).toBe(NOTHING)
    expect(await page.evaluate(KEPT)).toBe(NOTHING)
    const calls = asked.filter((request) => request.url().includes('/v1/'))
    expect(calls.length).toBeGreaterThan(0)
    for (const request of calls) {
      const { authorization, cookie } = await request.allHeaders()
      expect(authorization).toMatch(/^Bearer pht_/)
      expect(cookie).toBeUndefined()
    }
    const accent = await frame?.evaluate(
      'getComputedStyle(document.documentElement).getPropertyValue("--color-accent")',
    )
    expect(accent).toContain('#0f766e')
  })

  test('framed by any other site it is refused by the browser, and the dashboard by all', async () => {
    const here = await visit()
    await here.page.goto(stranger.url)
    await refusedFrame(here)
    await here.page.goto(host.url)
    await here.page.frameLocator('iframe').getByRole('link', { name: 'Billing' }).waitFor()
    await here.page.evaluate(`document.querySelector('iframe').src = '${posthorn.url}/webhooks'`)
    await refusedFrame(here)
  })

  test('when its link has ended it says so, and goes on with a new one without a reload', async () => {
    const here = await at('/webhooks')
    const { page } = here
    const query = { tenant: world.tenant.name }
    await posthorn.client().need(204, 'DELETE', '/v1/portal-links', { query })
    await page.getByRole('heading', { name: 'This link has ended' }).waitFor()
    expect(await page.getByText('Billing').count()).toBe(0)
    await page.evaluate(`location.hash = '${(await link()).token}'`)
    await page.getByRole('link', { name: 'Billing' }).waitFor()
    expect(page.url()).not.toContain('#')
  })

  test('axe finds nothing serious on any of its pages, light or dark, themed or not', {
    timeout: ALL_PAGES_LIMIT_MS,
  }, async () => {
    for (const theme of [undefined, { accent: '#facc15', background: '#fff7ed', radius: 16 }]) {
      const here = await visit()
      const { token } = await link(theme ? { theme } : {})
      for (const [name, path] of Object.entries(portalPagesOf(world, token))) {
        await here.open(path)
        expect(await seriousOn(here), `${name}, ${JSON.stringify(theme)}`).toEqual([])
      }
    }
  })

  test('on a phone none of its pages is wider than the screen', {
    timeout: ALL_PAGES_LIMIT_MS,
  }, async () => {
    const here = await visit({ width: 375, height: 700 })
    const { token } = await link()
    for (const [name, path] of Object.entries(portalPagesOf(world, token))) {
      await here.open(path)
      expect(await beyond(here.page), name).toEqual([0, 0])
    }
  })
})

const beyond = (page: Page) =>
  page.evaluate(
    '[document.documentElement, document.querySelector("main")].map((e) => e.scrollWidth - e.clientWidth)',
  )

/** The browser shows a page of its own there, and says why. */
async function refusedFrame({ page, complaints }: Visit): Promise<void> {
  const what = 'the browser to refuse the frame'
  const said = await waitFor(() => complaints.find((line) => /frame-ancestors/.test(line)), {
    what,
  })
  complaints.splice(complaints.indexOf(said), 1)
  await waitFor(() => page.frames()[1]?.url() === 'chrome-error://chromewebdata/', { what })
}
