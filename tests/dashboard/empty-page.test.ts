import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, SETUP_LIMIT_MS, Stage, why } from './stage.ts'

let stage: Stage

describe.skipIf(!hasBrowser)(`a scan that ends before it has found anything${why}`, () => {
  beforeAll(async () => {
    stage = await Stage.set()
  }, SETUP_LIMIT_MS)
  afterAll(() => stage?.strike(), SETUP_LIMIT_MS)

  test('is gone on with, and is not told as an empty list', async () => {
    const tenant = stage.posthorn.tenant('acme')
    const receiver = await stage.posthorn.receiver()
    await tenant.webhook({ url: receiver.endpoint(200).url })
    await tenant.publish({ type: 'far.back', data: {} })
    const here = await stage.asAdmin()
    const { page } = here
    // As of a long history: its first page has no row.
    await page.route('**/v1/deliveries?*', async (route) => {
      const url = new URL(route.request().url())
      if (!url.searchParams.has('cursor')) return route.fulfill({ json: { data: [], next: 'on' } })
      url.searchParams.delete('cursor')
      return route.continue({ url: url.href })
    })
    await here.open('/deliveries')
    await page.getByRole('link', { name: 'far.back' }).waitFor()
    expect(await stage.complaints()).toEqual([])
  }, 60_000)
})
