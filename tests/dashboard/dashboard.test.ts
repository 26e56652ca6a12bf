import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Posthorn } from '../harness/posthorn.ts'
import { pagesOf } from './pages.ts'
import { seriousOn } from './serious.ts'
import { hasBrowser, SETUP_LIMIT_MS, Stage, why } from './stage.ts'
import type { VisitOptions } from './visit.ts'
import { liveThrough } from './webhook-life.ts'
import { makeWorld, type World } from './world.ts'

// A real browser at a real API and worker. Whatever is waited for is a state of the page.

const ALL_PAGES_LIMIT_MS = 240_000

let stage: Stage
let posthorn: Posthorn
let world: World

const visit = (options: VisitOptions = {}) => stage.visit(options)
const asAdmin = (options: VisitOptions = {}) => stage.asAdmin(options)

async function keyOf(role: string): Promise<string> {
  const input = { name: `a ${role}`, role, tenant: world.tenant.name }
  const { key } = await posthorn.client().post<{ key: string }>(201, '/v1/api-keys', input)
  return key
}

describe.skipIf(!hasBrowser)(`the dashboard in a browser${why}`, () => {
  beforeAll(async () => {
    stage = await Stage.set({ env: { POSTHORN_TEST_RECEIVER: 'on' } })
    posthorn = stage.posthorn
    world = await makeWorld(posthorn)
  }, SETUP_LIMIT_MS)
  afterEach(async () => expect(await stage.complaints()).toEqual([]))
  afterAll(() => stage?.strike(), SETUP_LIMIT_MS)

  test('a key is exchanged for a cookie that no script can read, and nothing of it stays in the page', async () => {
    const here = await visit()
    const { page } = here
    await here.open('/deliveries?status=dead')
    await page.getByLabel('API key').fill('posthorn_wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('API key').fill(posthorn.key)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Deliveries' }).waitFor()
    expect(page.url()).toContain('/deliveries?status=dead')
    const kept = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
    )
    expect(kept).toBe('[{},{},""]')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await here.open('/webhooks')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test('a webhook is created, tested, paused, resumed and changed', async () => {
    const here = await asAdmin()
    const { page } = here
    await here.open('/webhooks')
    await liveThrough(here, world.crm.url, () =>
      page.getByLabel('Tenant').last().fill(world.tenant.name),
    )
  })

  test('filters stand in the URL, and a delivery shows both sides, its attempts and their difference', async () => {
    const here = await asAdmin()
    const { page } = here
    await here.open('/deliveries')
    await page.getByLabel('Status').selectOption('dead')
    await page.waitForURL(/status=dead/)
    await page.getByRole('cell', { name: 'delivered' }).first().waitFor({ state: 'detached' })
    await here.open(`/deliveries/${world.dead}`)
    await here.see('database is locked')
    // As the subscriber wrote it.
    await here.see('"code": 1.0')
    await here.see('posthorn-attempt')
    await page.getByRole('link', { name: 'Compare with attempt 1' }).click()
    await page.getByRole('region', { name: 'Comparison' }).waitFor()
    await here.see('− posthorn-attempt: 1')
    await page.getByRole('button', { name: 'Copy as signed curl' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const copied = String(await page.evaluate('navigator.clipboard.readText()'))
    expect(copied).toMatch(/^curl 'http.*webhook-signature: v1,/s)
  })

  test('a dead delivery is sent again, and arrives when its receiver is well', async () => {
    const here = await asAdmin()
    const { page } = here
    world.billingEndpoint.script = 200
    await here.open(`/deliveries/${world.dead}`)
    await page.getByRole('button', { name: 'Retry now' }).click()
    await page.getByRole('heading', { name: '3 attempts' }).waitFor()
    await page.getByRole('button', { name: 'Send again' }).waitFor()
    world.billingEndpoint.script = 500
  })

  test('dead letters are counted first, then redriven with their progress, some or all', async () => {
    const here = await asAdmin()
    const { page } = here
    world.billingEndpoint.script = 200
    await here.open(`/dead-letters?tenant=${world.tenant.name}`)
    await page.getByLabel('Choose invoice.paid').first().check()
    await page.getByRole('button', { name: 'Redrive 1' }).click()
    await page.getByRole('button', { name: 'Count first' }).click()
    await page.getByRole('button', { name: 'Redrive 1' }).click()
    await here.see('done, 1 of 1')
    await page.getByRole('button', { name: 'Close' }).last().click()
    await page.getByRole('link', { name: 'Group by cause' }).click()
    await here.see(/1 cause of/)
    world.billingEndpoint.script = 500
  })

  test('an event is published from the page, and its fan-out is seen', async () => {
    const here = await asAdmin()
    const { page } = here
    await here.open(`/events?tenant=${world.tenant.name}`)
    await page.getByRole('button', { name: 'Publish an event' }).click()
    await page.getByLabel('Event type').last().fill('order.shipped')
    await page.getByLabel('Data, JSON').fill('{"exact": 12345678901234567890}')
    await page.getByRole('button', { name: 'Publish', exact: true }).click()
    await page.getByRole('heading', { name: 'order.shipped' }).waitFor()
    await here.see('12345678901234567890')
    const fanOut = page.getByRole('region', { name: 'Fan-out' })
    await fanOut.getByRole('link', { name: '200' }).first().waitFor()
    await fanOut.getByRole('link', { name: 'CRM' }).waitFor()
    const { id } = await posthorn.tenant('nobody').publish()
    await here.open(`/events/${id}?tenant=${posthorn.tenant('none').name}`)
    await here.see('There is no such event')
  })

  test('the live tail shows an attempt as it ends, and holds still when paused', async () => {
    const here = await asAdmin()
    const { page } = here
    await here.open(`/live?tenant=${world.tenant.name}`)
    await here.see('live')
    await world.tenant.publish({ type: 'tail.first' })
    await page.getByRole('link', { name: 'tail.first' }).waitFor()
    await here.press('p')
    await here.see('paused')
    const { id } = await world.tenant.publish({ type: 'tail.second' })
    await world.tenant.only(id, 'delivered')
    await here.press('p')
    await page.getByRole('link', { name: 'tail.second' }).waitFor()
  })

  test('a key is made, shown once, and deleted', async () => {
    const here = await asAdmin()
    const { page } = here
    await here.open('/access')
    await page.getByRole('button', { name: 'New key' }).first().click()
    await page.getByLabel('Name').fill('sign-in service')
    await page.getByRole('button', { name: 'Create' }).click()
    await here.see('It is shown this once.')
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Delete sign-in service' }).click()
    await page.getByRole('button', { name: 'Delete', exact: true }).last().click()
    await page
      .getByRole('button', { name: 'Delete sign-in service' })
      .waitFor({ state: 'detached' })
  })

  test('what a role may not do is not offered', async () => {
    const viewer = await visit({ key: await keyOf('viewer') })
    for (const path of ['/webhooks', `/webhooks/${world.crm.id}`, `/deliveries/${world.dead}`]) {
      await viewer.open(path)
      const offered = viewer.page.getByRole('button', { name: /New|Test|Pause|Retry|signed/ })
      expect(await offered.count(), path).toBe(0)
    }
    const publisher = await visit({ key: await keyOf('publisher') })
    await publisher.open('/events')
    expect(await publisher.page.getByRole('navigation').getByRole('link').count()).toBe(1)
    await publisher.page.getByRole('button', { name: 'Publish an event' }).first().click()
    await publisher.page.getByRole('button', { name: 'Publish', exact: true }).click()
    await publisher.see('Accepted as')
  })

  test('everything can be done by keyboard: sign in, open a delivery of the list, send it again', async () => {
    const here = await visit()
    // Not every delivery of the list has been attempted.
    await here.open('/deliveries?status=delivered')
    await here.page.getByLabel('API key').waitFor()
    await here.page.keyboard.type(posthorn.key)
    await here.press('Enter')
    await here.page.getByRole('table').waitFor()
    await here.tabTo(/^(user|invoice)\./)
    await here.press('j', 'ArrowDown', 'k', 'Enter')
    await here.page.waitForURL(/deliveries\/dlv_/)
    await here.page
      .getByRole('region', { name: /^Attempt/ })
      .first()
      .waitFor()
    await here.tabTo(/Retry now|Send again/)
    await here.press('Enter')
    await here.see('It is being sent')
  })

  test('axe finds nothing serious on any page, light or dark', {
    timeout: ALL_PAGES_LIMIT_MS,
  }, async () => {
    const here = await asAdmin()
    for (const [name, path] of Object.entries(pagesOf(world))) {
      await here.open(path)
      expect(await seriousOn(here), name).toEqual([])
    }
    const stranger = await visit()
    await stranger.open('/sign-in')
    expect(await seriousOn(stranger), 'sign-in').toEqual([])
  })

  test('on a phone no page is wider than the screen, and the menu leads everywhere', {
    timeout: ALL_PAGES_LIMIT_MS,
  }, async () => {
    const here = await asAdmin({ width: 375, height: 700 })
    for (const [name, path] of Object.entries(pagesOf(world))) {
      await here.open(path)
      const beyond = await here.page.evaluate(
        '[document.documentElement, document.querySelector("main")].map((e) => e.scrollWidth - e.clientWidth)',
      )
      expect(beyond, name).toEqual([0, 0])
    }
    await here.page.getByRole('button', { name: 'Open the menu' }).click()
    await here.page.getByRole('link', { name: 'Dead letters', exact: true }).click()
    await here.page.getByRole('heading', { name: 'Dead letters' }).waitFor()
  })
})
