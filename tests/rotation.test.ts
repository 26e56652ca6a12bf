import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { repositoryRoot } from './harness/place.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { schedule } from './harness/tenant.ts'
import { verifies } from './harness/verify.ts'
import { waitFor } from './harness/wait.ts'

const run = promisify(execFile)

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn()
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

interface Secrets {
  readonly secret: string
  readonly previous: { secret: string; expiresAt: string }[]
}

function newSecret(bytes = 32): string {
  return `whsec_${randomBytes(bytes).toString('base64')}`
}

describe.concurrent('secrets', () => {
  test('three in overlap verify one delivery; after the overlap only the newest does', async () => {
    const shop = posthorn.tenant('rotation')
    const at = receiver.endpoint()
    const hook = await shop.webhook({ url: at.url })
    const rotate = (overlapSeconds: number): Promise<unknown> =>
      shop.act(hook.id, 'rotate-secret', { overlapSeconds })
    const secrets = (): Promise<Secrets> => shop.client.get(`/v1/webhooks/${hook.id}/secret`)

    await rotate(3)
    await rotate(3)
    const { secret, previous } = await secrets()
    expect(previous.length).toBe(2)
    expect(previous.map((each) => each.secret)).toContain(hook.secret)
    const first = await shop.publish()
    const arrival = await at.arrival(first.id)
    expect(arrival.headers['webhook-signature']?.split(' ').length).toBe(3)
    for (const live of [secret, ...previous.map((each) => each.secret)]) {
      expect(verifies(arrival, live)).toBe(true)
    }

    await waitFor(async () => (await secrets()).previous.length === 0, {
      what: 'the overlap to end',
    })
    const second = await shop.publish()
    const after = await at.arrival(second.id)
    expect(after.headers['webhook-signature']?.split(' ').length).toBe(1)
    expect(verifies(after, secret)).toBe(true)
    expect(previous.some((each) => verifies(after, each.secret))).toBe(false)
  })

  test('of our own choice are kept as given, from 24 to 64 bytes', async () => {
    const shop = posthorn.tenant('own-secret')
    for (const bytes of [24, 64]) {
      const at = receiver.endpoint()
      const secret = newSecret(bytes)
      const hook = await shop.webhook({ url: at.url, secret })
      expect(hook.secret).toBe(secret)
      const next = newSecret(bytes)
      await shop.act(hook.id, 'rotate-secret', { secret: next, overlapSeconds: 0 })
      const { id } = await shop.publish()
      const arrival = await at.arrival(id)
      expect([verifies(arrival, secret), verifies(arrival, next)]).toEqual([false, true])
    }
    for (const secret of [newSecret(23), newSecret(65), 'whsec_', 'plain', 'whsec_***']) {
      const body = { tenant: shop.name, url: receiver.origin, eventTypes: ['*'], secret }
      await shop.client.post(422, '/v1/webhooks', body)
    }
  })

  test('a retry is signed with the secrets of its own time', async () => {
    const shop = posthorn.tenant('retry-signed')
    const at = receiver.endpoint([500, 200])
    const hook = await shop.webhook({ url: at.url, retryPolicy: schedule(1) })
    const { id } = await shop.publish()
    const before = await at.arrival(id)
    const secret = newSecret()
    await shop.act(hook.id, 'rotate-secret', { secret, overlapSeconds: 0 })
    const [, after] = await at.arrivals(2)
    expect(verifies(before, hook.secret)).toBe(true)
    expect(after && [verifies(after, hook.secret), verifies(after, secret)]).toEqual([false, true])
    expect(after?.headers['webhook-timestamp']).not.toBe(before.headers['webhook-timestamp'])
  })

  test('are rotated by the example, and the old one goes on for a day', async () => {
    const shop = posthorn.tenant('example')
    const at = receiver.endpoint()
    const hook = await shop.webhook({ url: at.url })
    const file = join(repositoryRoot, 'examples/verify/rotate.sh')
    const own = { POSTHORN_URL: posthorn.url, POSTHORN_KEY: posthorn.key }
    const { stdout } = await run('sh', [file, hook.id], { env: { ...process.env, ...own } })
    const { secret, previous }: Secrets = JSON.parse(stdout)
    posthorn.secrets.add(secret)
    expect(previous).toMatchObject([{ secret: hook.secret }])
    const arrival = await at.arrival((await shop.publish()).id)
    for (const each of [secret, hook.secret]) expect(verifies(arrival, each)).toBe(true)
  })

  test('are shown when made and where asked for, in no list and no other answer', async () => {
    const shop = posthorn.tenant('shown')
    const header = 'header-value-b4c1f7'
    const hook = await shop.webhook({ url: receiver.endpoint().url, headers: { 'x-own': header } })
    expect(hook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{32,}=*$/)
    expect(JSON.stringify(hook)).not.toContain(header)
    const bare = hook.secret.slice('whsec_'.length)
    const answers = [
      await shop.client.call('GET', '/v1/webhooks', { query: { tenant: shop.name } }),
      await shop.client.call('GET', `/v1/webhooks/${hook.id}`),
      await shop.client.call('PATCH', `/v1/webhooks/${hook.id}`, { body: { name: 'renamed' } }),
      await shop.client.call('POST', `/v1/webhooks/${hook.id}/pause`),
      await shop.client.call('POST', `/v1/webhooks/${hook.id}/resume`),
    ]
    for (const answer of answers) {
      expect(answer.status).toBe(200)
      expect(answer.text).toContain(hook.id)
      expect(answer.text).not.toContain(bare)
      expect(answer.text).not.toContain(header)
    }
    const shown = await shop.client.get<Secrets>(`/v1/webhooks/${hook.id}/secret`)
    expect(shown).toEqual({ secret: hook.secret, previous: [] })
  })
})
