import { ANSWERS, HOSTS } from '@posthorn/shared/address/vectors/vectors.ts'
import { startDnsServer, type TestDnsServer } from '@posthorn/shared/testing/dns-server.ts'
import { type RawReceiver, startRawReceiver } from '@posthorn/shared/testing/receiver-raw.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import { schedule, type Tenant } from './harness/tenant.ts'
import { upTo } from './harness/wait.ts'

// A sample of all vectors (packages/shared/src/attempt/ssrf.integration.test.ts) through whole processes
// whose only allowed address is one where nobody listens.

let posthorn: Posthorn
let dns: TestDnsServer
let sentinel: RawReceiver
let port: number

beforeAll(async () => {
  dns = await startDnsServer((name, _family, nth) => {
    const [label = ''] = name.split('.')
    // Allowed when the webhook is tested first, the sentinel from then on.
    if (label === 'rebinding') return [nth === 1 ? '127.0.0.9' : '127.0.0.1']
    return ANSWERS[Number(label)] ?? 'NXDOMAIN'
  })
  sentinel = await startRawReceiver({
    onRequest: (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'),
  })
  port = sentinel.port
  posthorn = await startPosthorn({
    env: { POSTHORN_ALLOW_CIDRS: '127.0.0.9/32', POSTHORN_DNS_SERVERS: dns.address },
  })
})
afterAll(async () => {
  await posthorn?.stop()
  await sentinel?.close()
  await dns?.close()
})

const every = <T>(all: readonly T[], step: number): T[] => all.filter((_, i) => i % step === 0)

/** What one event for this webhook ended with. */
async function attemptAt(shop: Tenant, url: string) {
  await shop.webhook({ url, retryPolicy: schedule() })
  const { id } = await shop.publish()
  const { attempts } = await shop.only(id, 'dead')
  expect(attempts.length).toBe(1)
  return { outcome: attempts[0]?.outcome, error: attempts[0]?.error }
}

test('no webhook is taken whose URL leads to a forbidden address', async () => {
  const shop = posthorn.tenant('literals')
  const urls = every(HOSTS, 25)
    .map((host) => `http://${host}/`)
    .filter((url) => /^(?:http:\/\/)?[\d.[\]:]/.test(url.slice(7)) || !URL.canParse(url))
  expect(urls.length).toBeGreaterThan(50)
  for (const url of urls) {
    const body = { tenant: shop.name, eventTypes: ['*'], url }
    await shop.client.post(422, '/v1/webhooks', body)
  }
  expect(sentinel.connections).toBe(0)
})

test('no name leads to a forbidden address, and all are refused with the same words', async () => {
  const names = every([...ANSWERS.keys()], 60).map((index) => `http://${index}.test:${port}/`)
  const ends = await Promise.all(names.map((url) => attemptAt(posthorn.tenant('names'), url)))
  expect(new Set(ends.map((end) => JSON.stringify(end)))).toEqual(
    new Set([
      JSON.stringify({
        outcome: 'blocked',
        error: 'The host is at an address that webhooks may not reach',
      }),
    ]),
  )
  expect(sentinel.connections).toBe(0)
})

test('a name that moves to this machine after its webhook was tested is refused', async () => {
  const shop = posthorn.tenant('rebinding')
  const url = `http://rebinding.test:${port}/`
  const hook = await shop.webhook({ url, retryPolicy: schedule() })
  const tested = await shop.act<{ outcome: string }>(hook.id, 'test')
  expect(tested.outcome).toBe('connect')
  for (const _ of upTo(3)) {
    const { id } = await shop.publish()
    expect((await shop.only(id, 'dead')).attempts).toMatchObject([{ outcome: 'blocked' }])
  }
  expect(sentinel.connections).toBe(0)
})
