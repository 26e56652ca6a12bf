import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, SETUP_LIMIT_MS, Stage, why } from './stage.ts'

let stage: Stage

describe.skipIf(!hasBrowser)(`the form of a webhook in a browser${why}`, () => {
  beforeAll(async () => {
    stage = await Stage.set()
  }, SETUP_LIMIT_MS)
  afterAll(() => stage?.strike(), SETUP_LIMIT_MS)

  test('every setting of a webhook can be typed, and what is wrong is said at its field', async () => {
    const here = await stage.asAdmin()
    const { page } = here
    const receiver = await stage.posthorn.receiver()
    await here.open('/webhooks')
    await page.getByRole('button', { name: 'New webhook' }).first().click()
    const type = (label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text)
    const choose = (label: string, value: string) => page.getByLabel(label).selectOption(value)
    await type('URL', receiver.endpoint(200).url)
    await page.getByRole('button', { name: 'Check the URL' }).click()
    await page.getByRole('status').getByRole('img', { name: 'passed' }).waitFor()
    await page.getByLabel('Tenant').last().fill('acme')
    await page.getByText('What is sent', { exact: true }).click()
    await type('Filter, JSON', '{"total": ')
    await choose('Format', 'cloudevents')
    await choose('Signature', 'custom')
    await type('Its header', 'x-hub-signature')
    await type('What is signed', 'no body')
    await type('Headers', 'Host: elsewhere')
    await page.getByText('How it is delivered', { exact: true }).click()
    await type('Timeout, ms', 'soon')
    await type('Opens after failures', '3')
    await choose('Retries', 'schedule')
    await type('Delays, s', '1, never')
    await page.getByText('How it is delivered', { exact: true }).click()
    const create = page.getByRole('button', { name: 'Create', exact: true })
    const wrong = async (label: string) =>
      await page.locator(`[aria-invalid]:is(${await idOf(label)})`).waitFor()
    const idOf = async (label: string) =>
      `#${CSS_ID(await page.getByLabel(label, { exact: true }).getAttribute('id'))}`
    await create.click()
    await wrong('Filter, JSON')
    await type('Filter, JSON', '{"total": {"$gte": 100}}')
    await create.click()
    for (const label of ['What is signed', 'Headers', 'Timeout, ms', 'Opens after failures'])
      await wrong(label)
    await wrong('Delays, s')
    await type('What is signed', '{timestamp}.{body}')
    await type('Headers', 'X-Team: billing')
    await type('Timeout, ms', '5000')
    await type('Opens after failures', '30')
    await type('Delays, s', '1, 2.5')
    await page.getByLabel('Traces go along').check()
    await type('Metadata, JSON', '{"team": "billing"}')
    await create.click()
    await page.getByRole('button', { name: 'Open it' }).click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    const id = /wh_\w+/.exec(page.url())?.[0]
    expect(await stage.posthorn.client().get(`/v1/webhooks/${id}`)).toMatchObject({
      filter: { total: { $gte: 100 } },
      format: 'cloudevents',
      signature: { header: 'x-hub-signature', signs: '{timestamp}.{body}' },
      headers: { 'X-Team': '***' },
      timeoutMs: 5_000,
      retryPolicy: { type: 'schedule', delaysSeconds: [1, 2.5] },
      circuitBreaker: { failures: 30 },
      propagateTrace: true,
      metadata: { team: 'billing' },
    })
  })
})

/** React's ids hold characters that a selector must escape. */
const CSS_ID = (id: string | null) => (id ?? '').replaceAll(/[^\w-]/g, '\\$&')
