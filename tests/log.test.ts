import { expect, onTestFinished, test } from 'vitest'
import { linesOf } from './harness/log-lines.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Env } from './harness/service.ts'
import { schedule } from './harness/tenant.ts'
import { waitFor } from './harness/wait.ts'

/** One event to a receiver that fails once and then takes it, and what the logs say of it. */
async function logged(env: Env) {
  const posthorn = await startPosthorn({ env })
  onTestFinished(() => posthorn.stop())
  const at = (await posthorn.receiver()).endpoint([503, 200])
  const shop = posthorn.tenant('logged')
  const hook = await shop.webhook({ url: at.url, retryPolicy: schedule(0.2) })
  const requestId = 'sought-by-its-producer'
  await shop.client.need(202, 'POST', '/v1/events', {
    body: shop.entry({ id: 'sought' }),
    headers: { 'x-request-id': requestId },
  })
  const { id: delivery } = await shop.only('sought', 'delivered')
  await shop.client.call('GET', '/v1/events/absent', { query: { tenant: shop.name } })
  await waitFor(() => requests(posthorn).some(({ status }) => status === 404), {
    what: 'the line of the last request',
    context: () => posthorn.tails(),
  })
  return {
    posthorn,
    requestId,
    ids: { event: 'sought', delivery, webhook: hook.id, tenant: shop.name },
  }
}

const requests = ({ apis }: Posthorn) => apis.flatMap((api) => linesOf(api, 'request'))
const attempts = ({ workers }: Posthorn) => workers.flatMap((worker) => linesOf(worker, 'attempt'))
const failed = { number: 1, outcome: 'http_error', statusCode: 503, result: 'retry', level: 30 }

test('whoever looks for a delivery in the logs finds one line for its publish and for each attempt', async () => {
  const { posthorn, requestId, ids } = await logged({})
  expect(attempts(posthorn)).toMatchObject([
    { ...ids, ...failed },
    { ...ids, number: 2, outcome: 'success', statusCode: 200, result: 'delivered', level: 30 },
  ])
  expect(requests(posthorn).filter((line) => line.event === ids.event)).toMatchObject([
    { requestId, method: 'POST', route: '/v1/events', status: 202, duplicate: false, level: 30 },
  ])
  // Probes are asked all day.
  const probes = requests(posthorn).filter(
    ({ route, status }) => route === '/readyz' && status === 200,
  )
  expect(probes).toEqual([])
})

test('with POSTHORN_LOG_SUCCESSES=off only what failed has a line, and changes of settings', async () => {
  const { posthorn, ids } = await logged({ POSTHORN_LOG_SUCCESSES: 'off' })
  expect(attempts(posthorn)).toMatchObject([{ ...ids, ...failed }])
  const routes = requests(posthorn).map(
    ({ method, route, status }) => `${method} ${route} ${status}`,
  )
  expect(routes).toContain('POST /v1/webhooks 201')
  expect(routes).toContain('GET /v1/events/:id 404')
  expect(routes.filter((each) => each.startsWith('POST /v1/events'))).toEqual([])
})
