import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contentsOf } from './harness/contents.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { schedule } from './harness/tenant.ts'
import { verifies } from './harness/verify.ts'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  // With a line for every attempt and request.
  posthorn = await startPosthorn({ env: { POSTHORN_LOG_LEVEL: 'debug' } })
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

const HEADER_VALUE = 'Token header-value-5f1c9e7a'

/** All ways in which a secret could stand somewhere. */
function spellings(secret: string): string[] {
  const bare = secret.replace(/^whsec_/, '')
  const bytes = Buffer.from(bare, 'base64')
  return [
    secret,
    bare,
    bytes.toString('latin1'),
    bytes.toString('hex'),
    bytes.toString('base64url'),
  ]
}

describe('secrets, keys and header values', () => {
  test('stand in clear in no key or value of Redis, in no answer but their own, in no log', async () => {
    const shop = posthorn.tenant('secrecy')
    const at = receiver.endpoint([500, 200, 500])
    const headers = { authorization: HEADER_VALUE }
    const hook = await shop.webhook({ url: at.url, headers, retryPolicy: schedule(0.1) })
    const made = await shop.client.post<{ key: string }>(201, '/v1/api-keys', {
      name: 'made',
      role: 'admin',
      tenant: shop.name,
    })
    await shop.only((await shop.publish()).id, 'delivered')
    await shop.act(hook.id, 'rotate-secret', {})
    const { id } = await shop.publish({ id: 'second' })
    const delivery = await shop.only(id, 'delivered')
    await shop.act(hook.id, 'test', {})
    const { secret } = await shop.client.get<{ secret: string }>(`/v1/webhooks/${hook.id}/secret`)
    expect(at.received.every((each) => each.headers.authorization === HEADER_VALUE)).toBe(true)

    const hidden = [
      ...spellings(hook.secret),
      ...spellings(secret),
      HEADER_VALUE,
      Buffer.from(HEADER_VALUE).toString('base64'),
      made.key,
      posthorn.key,
      posthorn.env.POSTHORN_ENCRYPTION_KEYS ?? '',
    ]
    const contents = await contentsOf(posthorn.redisUrl, posthorn.namespace)
    expect(contents.size).toBeGreaterThan(5)
    const found = [...contents].filter(([key, text]) =>
      hidden.some((each) => key.includes(each) || text.includes(each)),
    )
    expect(found.map(([key]) => key)).toEqual([])

    const paths = [
      '/v1/webhooks',
      `/v1/webhooks/${hook.id}`,
      '/v1/deliveries',
      `/v1/deliveries/${delivery.id}`,
      '/v1/events',
      '/v1/api-keys',
      '/metrics',
    ]
    for (const path of paths) {
      const { text, status } = await shop.client.call('GET', path)
      expect(status, path).toBe(200)
      expect(
        hidden.filter((each) => text.includes(each)),
        path,
      ).toEqual([])
    }
    for (const each of hidden) expect(posthorn.printedBy(each)).toEqual([])
    const attempt = delivery.attempts[0]
    expect(Object.keys(attempt?.requestHeaders ?? {})).toContain('authorization')
  })

  test('stay readable when a new encryption key is put in front, on every process', async () => {
    const shop = posthorn.tenant('encryption')
    const at = receiver.endpoint()
    const headers = { 'x-own': HEADER_VALUE }
    const hook = await shop.webhook({ url: at.url, headers })
    const newest = randomBytes(32).toString('base64')
    const keys = `${newest},${posthorn.env.POSTHORN_ENCRYPTION_KEYS}`
    for (const worker of posthorn.workers) await worker.kill('SIGTERM')
    await posthorn.startWorker({ POSTHORN_ENCRYPTION_KEYS: keys })
    const { id } = await shop.publish()
    const arrival = await at.arrival(id)
    expect(verifies(arrival, hook.secret)).toBe(true)
    expect(arrival.headers['x-own']).toBe(HEADER_VALUE)
  })
})
