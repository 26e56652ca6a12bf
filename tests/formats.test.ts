import { createHmac } from 'node:crypto'
import { verify } from 'posthorn'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultsOfProblem } from './harness/client.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Arrival, Receiver } from './harness/receiver.ts'
import { verifies } from './harness/verify.ts'

const SIGNING_KEY = 'the signing key of an app'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn()
  posthorn.secrets.add(SIGNING_KEY)
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

/** What one webhook with these settings receives of an event. */
async function received(tenant: string, settings: object, data: unknown = { n: 1 }) {
  const shop = posthorn.tenant(tenant)
  const at = receiver.endpoint()
  const hook = await shop.webhook({ url: at.url, ...settings })
  const { id } = await shop.publish({ type: 'user.created', data })
  const [arrival] = (await at.arrivals(1)) as [Arrival]
  return { shop, hook, id, arrival }
}

test('CloudEvents come by both modes, signed as anything else', async () => {
  const whole = await received('structured', { format: 'cloudevents' })
  expect(whole.arrival.headers['content-type']).toMatch(/^application\/cloudevents\+json/)
  expect(JSON.parse(whole.arrival.text)).toEqual({
    ...{
      specversion: '1.0',
      id: whole.id,
      source: `/tenants/${whole.shop.name}`,
      type: 'user.created',
    },
    ...{ time: expect.any(String), datacontenttype: 'application/json', data: { n: 1 } },
  })
  const binary = await received('binary', { format: 'cloudevents-binary' })
  expect(binary.arrival.text).toBe('{"n":1}')
  expect(binary.arrival.headers).toMatchObject({ 'ce-id': binary.id, 'ce-specversion': '1.0' })
  for (const { arrival, hook } of [whole, binary]) {
    expect(verifies(arrival, hook.secret)).toBe(true)
  }
})

test('v1a is verified by the public key alone, and its private one is shown to an admin only', async () => {
  const { arrival, hook } = await received('asymmetric', { signature: 'v1a' })
  const { secret, publicKey = '' } = hook as typeof hook & { publicKey?: string }
  expect(secret).toMatch(/^whsk_/)
  await verify(arrival.headers as Record<string, string>, arrival.raw, publicKey)
  const keys = await posthorn.client().need(200, 'GET', `/v1/webhooks/${hook.id}/secret`)
  expect(keys).toEqual({ secret, publicKey, previous: [] })
  const shown = await posthorn.client().need(200, 'GET', `/v1/webhooks/${hook.id}`)
  expect(JSON.stringify(shown)).not.toContain('whsk_')
})

test('a subscriber of another sender keeps its header, its key and what is signed', async () => {
  const signature = { header: 'X-Hub-Signature-256', prefix: 'sha256=', signs: '{body}' }
  const settings = { format: 'raw', signature, secret: SIGNING_KEY }
  const { arrival, hook } = await received('own', settings, { action: 'opened' })
  const digest = createHmac('sha256', SIGNING_KEY).update('{"action":"opened"}').digest('hex')
  expect(arrival.headers['x-hub-signature-256']).toBe(`sha256=${digest}`)
  expect(arrival.headers).not.toHaveProperty('webhook-signature')
  const tested = await posthorn.client().call('POST', `/v1/webhooks/${hook.id}/test`, { body: {} })
  expect(tested.body).toMatchObject({ outcome: 'success' })
})

describe('an app that was built for webhooks of Logto', () => {
  /** As Logto's documentation has it. */
  const isFromLogto = (rawBody: Buffer, signature: unknown): boolean => {
    const hmac = createHmac('sha256', SIGNING_KEY)
    hmac.update(rawBody)
    return hmac.digest('hex') === signature
  }

  test('works unchanged behind a Logto source: one sign-in, two services', async () => {
    const shop = posthorn.tenant('logto')
    const services = [receiver.endpoint(), receiver.endpoint()]
    for (const { url } of services) {
      const settings = { format: 'logto', signature: 'logto', secret: SIGNING_KEY }
      await shop.webhook({ url, eventTypes: ['PostSignIn'], ...settings })
    }
    const source = await posthorn.client().need<{ path: string }>(201, 'POST', '/v1/sources', {
      body: { name: 'Logto', type: 'logto', secrets: [SIGNING_KEY], tenant: shop.name },
    })
    const body =
      '{"hookId":"h", "event":"PostSignIn","createdAt":"2026-01-01T00:00:00.000Z","n":1.0}'
    const signature = createHmac('sha256', SIGNING_KEY).update(body).digest('hex')
    const headers = { 'content-type': 'application/json', 'logto-signature-sha-256': signature }
    const taken = await fetch(posthorn.url + source.path, { method: 'POST', headers, body })
    expect(taken.status).toBe(202)
    for (const service of services) {
      const [{ raw, text, headers }] = (await service.arrivals(1)) as [Arrival]
      expect(text).toBe(body)
      expect(isFromLogto(raw, headers['logto-signature-sha-256'])).toBe(true)
    }
  })

  test('gets events of others in the shape that it knows', async () => {
    const settings = { format: 'logto', signature: 'logto', secret: SIGNING_KEY }
    const { arrival, hook } = await received('alike', settings, { user: { id: 'u' } })
    expect(JSON.parse(arrival.text)).toEqual({
      ...{ hookId: hook.id, event: 'user.created', createdAt: expect.any(String) },
      user: { id: 'u' },
    })
    expect(isFromLogto(arrival.raw, arrival.headers['logto-signature-sha-256'])).toBe(true)
  })
})

describe('a header with room for one signature', () => {
  test('is signed by the old secret until the overlap ends, so a receiver that has it misses nothing', async () => {
    const shop = posthorn.tenant('one-by-one')
    const at = receiver.endpoint()
    const settings = { format: 'logto', signature: 'logto', secret: SIGNING_KEY }
    const hook = await shop.webhook({ url: at.url, ...settings })
    const rotate = (body: object) => shop.act<{ secret: string }>(hook.id, 'rotate-secret', body)
    const signedBy = async (secret: string) => {
      const { id } = await shop.publish()
      const { raw, headers } = await at.arrival(id)
      const digest = createHmac('sha256', secret).update(raw).digest('hex')
      return headers['logto-signature-sha-256'] === digest
    }
    const { secret } = await rotate({ overlapSeconds: 3_600, signature: 'logto' })
    expect(await signedBy(SIGNING_KEY)).toBe(true)
    // The receiver has changed over: the operator need not wait for the hour.
    await rotate({ secret, overlapSeconds: 0 })
    expect(await signedBy(secret)).toBe(true)
    const next = await rotate({ overlapSeconds: 0 })
    expect(await signedBy(next.secret)).toBe(true)
  })

  test('is not signed by a secret of another signature, although its text would fit', async () => {
    const shop = posthorn.tenant('cut')
    const hook = await shop.webhook({ url: receiver.endpoint().url })
    const rotated = await shop.act<object>(hook.id, 'rotate-secret', { signature: 'logto' })
    expect(rotated).toMatchObject({ previous: [] })
  })
})

describe('a secret and a signature that do not fit', () => {
  const put = (body: object) => posthorn.client().call('POST', '/v1/webhooks', { body })
  const url = 'https://example.com/hooks'
  const minimal = { url, eventTypes: ['*'], tenant: 'unfit' }

  test.each([
    ['a short text', { signature: 'logto', secret: 'x'.repeat(15) }],
    ['a text for v1', { secret: SIGNING_KEY }],
    ['an HMAC secret for v1a', { signature: 'v1a', secret: `whsec_${'A'.repeat(43)}=` }],
    ['a header of ours', { signature: { header: 'webhook-signature' } }],
    ['a header of its own, twice', { signature: { header: 'X-Sig' }, headers: { 'x-sig': '1' } }],
    ['nothing of the body', { signature: { header: 'x-sig', signs: '{id}' } }],
    ['an unknown format', { format: 'xml' }],
  ])('are refused: %s', async (_what, settings) => {
    expect(faultsOfProblem(await put({ ...minimal, ...settings }), 422)).toEqual([])
  })

  test('are changed at once by a rotation, and by nothing else', async () => {
    const shop = posthorn.tenant('changed')
    const at = receiver.endpoint()
    const hook = await shop.webhook({ url: at.url })
    const client = posthorn.client()
    const patched = await client.call('PATCH', `/v1/webhooks/${hook.id}`, {
      body: { signature: 'v1a' },
    })
    expect(faultsOfProblem(patched, 422)).toEqual([])
    expect(JSON.stringify(patched.body)).toContain('rotate-secret')
    const keys = await client.need<{ publicKey: string; previous: [] }>(
      200,
      'POST',
      `/v1/webhooks/${hook.id}/rotate-secret`,
      { body: { signature: 'v1a' } },
    )
    // What signed before does not fit: it signs no more.
    expect(keys.previous).toEqual([])
    await shop.publish()
    const [arrival] = (await at.arrivals(1)) as [Arrival]
    await verify(arrival.headers as Record<string, string>, arrival.raw, keys.publicKey)
    const shown = await client.need(200, 'GET', `/v1/webhooks/${hook.id}`)
    expect(shown).toMatchObject({ signature: 'v1a', format: 'standard' })
  })
})
