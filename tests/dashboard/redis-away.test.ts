import { startRedis, type TestRedis } from '@posthorn/shared/testing/redis.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, SETUP_LIMIT_MS, Stage, why } from './stage.ts'

let redis: TestRedis
let stage: Stage

describe.skipIf(!hasBrowser)(`the dashboard while Redis is away${why}`, () => {
  beforeAll(async () => {
    redis = await startRedis({ persistent: true })
    stage = await Stage.set({ redisUrl: redis.url })
  }, SETUP_LIMIT_MS)
  afterAll(async () => {
    await stage?.strike()
    await redis?.stop()
  }, SETUP_LIMIT_MS)

  test('the tail and a list say so, and go on when Redis is back', async () => {
    const tenant = stage.posthorn.tenant('acme')
    const receiver = await stage.posthorn.receiver()
    await tenant.webhook({ url: receiver.endpoint(200).url })
    const here = await stage.asAdmin()
    const { page } = here
    await here.open('/')
    await redis.kill()
    await page.getByRole('link', { name: 'Deliveries', exact: true }).click()
    await here.see('Check that Redis runs, then try again.')
    await page.getByRole('link', { name: 'Live', exact: true }).click()
    await here.see('connecting again')
    await here.see('The tail is cut off')
    await redis.restart()
    await page.getByText('live', { exact: true }).waitFor()
    await tenant.publish({ type: 'tail.again', data: {} })
    await page.getByRole('link', { name: 'tail.again' }).waitFor()
    await page.getByRole('link', { name: 'Deliveries', exact: true }).click()
    await page.getByRole('link', { name: 'tail.again' }).waitFor()
    expect(await stage.complaints()).toEqual([])
  }, 60_000)
})
