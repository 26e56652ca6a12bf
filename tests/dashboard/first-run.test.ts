import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, SETUP_LIMIT_MS, Stage, why } from './stage.ts'
import { Visit } from './visit.ts'

const A_MINUTE_MS = 60_000

let stage: Stage

describe.skipIf(!hasBrowser)(`the first run in a browser${why}`, () => {
  beforeAll(async () => {
    // As `npm start` does, with nothing there yet.
    stage = await Stage.set({ env: { POSTHORN_TEST_RECEIVER: 'on' } })
  }, SETUP_LIMIT_MS)
  afterAll(() => stage?.strike(), SETUP_LIMIT_MS)

  test('a newcomer sees a delivery, a retry and a dead letter within a minute', {
    timeout: 2 * A_MINUTE_MS,
  }, async () => {
    const here = await stage.visit()
    const { page } = here
    const began = performance.now()
    await here.open('/')
    await page.getByLabel('API key').fill(stage.posthorn.key)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Create a test receiver' }).click()
    await page.getByRole('heading', { name: 'Test receiver' }).waitFor()

    const publish = page.getByRole('button', { name: 'Publish an event' })
    const did = page.getByRole('region', { name: 'What Posthorn did' })
    await publish.click()
    await did.getByText('delivered').waitFor()
    await here.see('signature fits')
    await page.getByLabel('Fail').check()
    await page.getByRole('radio', { name: 'Fail' }).and(page.locator(':checked')).waitFor()
    await publish.click()
    await did.getByText('retrying').waitFor()
    await did.getByText('dead', { exact: true }).waitFor()
    const todo = page.getByRole('region', { name: 'What there is to see' })
    await todo.getByRole('link').nth(2).waitFor()
    expect(await todo.getByRole('img', { name: 'Not yet' }).count()).toBe(0)
    await todo.getByRole('link').last().click()
    await page.getByRole('heading', { name: '3 attempts' }).waitFor()
    expect(performance.now() - began).toBeLessThan(A_MINUTE_MS)

    await here.open('/dead-letters')
    await page.getByRole('link', { name: 'user.created' }).waitFor()
    expect(await stage.complaints()).toEqual([])
  })

  test('where there is no test receiver, none is offered', async () => {
    const { posthorn, browser } = stage
    const production = await posthorn.startApi({ POSTHORN_TEST_RECEIVER: '' })
    const here = await Visit.start(browser, production.url, { key: posthorn.key })
    await here.open('/?tenant=nobody')
    await here.see('Nothing has been sent yet')
    expect(await here.page.getByText('est receiver').count()).toBe(0)
    await here.leave()
  })
})
