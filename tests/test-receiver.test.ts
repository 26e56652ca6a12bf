import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, faultsOfProblem } from './harness/client.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Delivery, NewWebhook } from './harness/shapes.ts'
import { schedule, type Tenant } from './harness/tenant.ts'
import { upTo, waitFor } from './harness/wait.ts'

interface Seen {
  readonly url: string
  readonly webhooks: string[]
  readonly answer: string
  readonly received: {
    readonly fault?: string
    readonly answered: number | null
    readonly headers: Record<string, string>
    readonly body: string
  }[]
}

const PATH = '/dev/receiver'
let posthorn: Posthorn
let client: Client

beforeAll(async () => {
  posthorn = await startPosthorn({ env: { POSTHORN_TEST_RECEIVER: 'on' } })
  client = posthorn.client()
})
afterAll(() => posthorn?.stop())

const look = (tenant: Tenant) => client.get<Seen>(PATH, { tenant: tenant.name })

async function tell(tenant: Tenant, answer: string): Promise<void> {
  await client.need(200, 'PATCH', PATH, { body: { tenant: tenant.name, answer } })
}

async function connected(tenant: Tenant, more: object = {}): Promise<NewWebhook> {
  const { url } = await look(tenant)
  return await tenant.webhook({ url, retryPolicy: schedule(0.1), timeoutMs: 1_000, ...more })
}

async function sent(tenant: Tenant, status: Delivery['status']): Promise<Delivery> {
  const { id } = await tenant.publish({ type: 'user.created', data: { exact: 1 } })
  return await tenant.only(id, status)
}

describe('the test receiver', () => {
  test('shows what it was sent, with its signature verified, and no secret of it', async () => {
    const tenant = posthorn.tenant('shown')
    const { id } = await connected(tenant, { headers: { 'x-api-key': 'a secret' } })
    await sent(tenant, 'delivered')
    const { webhooks, answer, received } = await look(tenant)
    expect([webhooks, answer, received.length]).toEqual([[id], 'succeed', 1])
    const [request] = received
    expect([request?.fault, request?.answered]).toEqual([undefined, 200])
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ data: { exact: 1 } })
    expect(request?.headers).toMatchObject({
      'posthorn-attempt': '1',
      'x-api-key': '***',
      'webhook-signature': 'v1,***',
    })
  })

  test.each([
    ['v1a', {}],
    ['logto', {}],
    [{ header: 'x-hub', prefix: 'sha256=', signs: '{timestamp}.{body}' }, { format: 'raw' }],
  ])('verifies the signature %j', async (signature, more) => {
    const tenant = posthorn.tenant('signature')
    await connected(tenant, { signature, ...more })
    await sent(tenant, 'delivered')
    expect((await look(tenant)).received[0]).not.toHaveProperty('fault')
  })

  test.each([
    ['fail', { outcome: 'http_error', statusCode: 500 }],
    ['hang', { outcome: 'timeout' }],
  ])('told to %s, it makes a retry and a dead letter', async (answer, attempt) => {
    const tenant = posthorn.tenant(answer)
    await connected(tenant)
    await tell(tenant, answer)
    const { attempts } = await sent(tenant, 'dead')
    expect(attempts).toMatchObject([attempt, attempt])
    expect((await look(tenant)).received.map(({ answered }) => answered)).toEqual(
      answer === 'hang' ? [null, null] : [500, 500],
    )
  })

  test('told to be slow, it succeeds late', async () => {
    const tenant = posthorn.tenant('slow')
    await connected(tenant, { timeoutMs: 10_000 })
    await tell(tenant, 'slow')
    const { attempts } = await sent(tenant, 'delivered')
    expect(attempts[0]?.durationMs).toBeGreaterThanOrEqual(2_000)
  })

  test('whoever has not signed is refused at once, however it is told to answer', async () => {
    const tenant = posthorn.tenant('stranger')
    await connected(tenant)
    await tell(tenant, 'hang')
    const path = `${PATH}/${tenant.name}`
    const now = String(Math.floor(Date.now() / 1_000))
    const forged = { 'webhook-id': 'evt', 'webhook-timestamp': now, 'webhook-signature': 'v1,AAAA' }
    for (const [headers, fault] of [
      [{}, 'missing'],
      [forged, 'mismatch'],
      [{ ...forged, 'webhook-timestamp': '1' }, 'too_old'],
    ] as const) {
      const answer = await client.call('POST', path, { key: null, headers, body: {} })
      expect(answer.status).toBe(401)
      expect((await look(tenant)).received[0]).toMatchObject({ fault, answered: 401 })
    }
  })

  test('keeps nothing where no webhook leads to it, and never more than a hundred requests', async () => {
    const nobody = posthorn.tenant('nobody')
    const path = (tenant: Tenant) => `${PATH}/${tenant.name}`
    const answer = await client.call('POST', path(nobody), { key: null, body: {} })
    expect(faultsOfProblem(answer, 404)).toEqual([])
    expect((await look(nobody)).received).toEqual([])
    const flooded = posthorn.tenant('flooded')
    await connected(flooded)
    const body = { text: 'x'.repeat(100_000) }
    for (const _ of upTo(120)) await client.call('POST', path(flooded), { key: null, body })
    const { received } = await look(flooded)
    expect(received.length).toBe(100)
    expect(Math.max(...received.map((one) => one.body.length))).toBeLessThanOrEqual(4_096)
  })

  test('is told by admins alone, of their own tenant', async () => {
    const tenant = posthorn.tenant('roles')
    const keyOf = async (role: string) => {
      const input = { name: role, role, tenant: tenant.name }
      return (await client.post<{ key: string }>(201, '/v1/api-keys', input)).key
    }
    const [viewer, admin] = [await keyOf('viewer'), await keyOf('admin')]
    const change = (key: string | null, body: object) => client.call('PATCH', PATH, { key, body })
    expect((await change(null, { answer: 'fail' })).status).toBe(401)
    expect((await change(viewer, { answer: 'fail' })).status).toBe(403)
    expect((await change(admin, { answer: 'fail', tenant: 'another' })).status).toBe(403)
    expect((await change(admin, { answer: 'explode' })).status).toBe(422)
    expect((await client.call('GET', PATH, { key: viewer })).status).toBe(200)
    expect((await client.call('GET', `${PATH}?tenant=another`, { key: viewer })).status).toBe(403)
    expect(await client.get('/v1/session')).toMatchObject({ testReceiver: true })
  })

  test('is not there unless it is turned on', async () => {
    const api = await posthorn.startApi({ POSTHORN_TEST_RECEIVER: '' })
    const production = posthorn.client(posthorn.apis.indexOf(api))
    for (const [method, path] of [
      ['GET', PATH],
      ['PATCH', PATH],
      ['POST', `${PATH}/default`],
    ] as const) {
      const answer = await production.call(method, path)
      expect(faultsOfProblem(answer, 404)).toEqual([])
    }
    expect(await production.get('/v1/session')).not.toHaveProperty('testReceiver')
  })

  test('lets go of what it makes hang when its process is to end', async () => {
    const api = await posthorn.startApi()
    const here = posthorn.client(posthorn.apis.indexOf(api))
    const tenant = posthorn.tenant('ending', here)
    const { url } = await here.get<Seen>(PATH, { tenant: tenant.name })
    await tenant.webhook({ url, timeoutMs: 60_000, retryPolicy: schedule(60) })
    await here.need(200, 'PATCH', PATH, { body: { tenant: tenant.name, answer: 'hang' } })
    await tenant.publish()
    const seen = () => here.get<Seen>(PATH, { tenant: tenant.name })
    await waitFor(async () => (await seen()).received.length === 1, { what: 'a request to hang' })
    expect(await api.kill('SIGTERM', 5_000)).toBe(0)
  })
})
