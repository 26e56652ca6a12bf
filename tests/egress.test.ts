import {
  type ConnectReply,
  proxyAnswer,
  startTestProxy,
  type TestProxy,
} from '@posthorn/shared/testing/egress-proxy.ts'
import { startRawReceiver } from '@posthorn/shared/testing/receiver-raw.ts'
import { request } from 'undici'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { scrape, sum } from './harness/metrics.ts'
import { freePort } from './harness/port.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { schedule } from './harness/tenant.ts'
import { upTo, waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver
let proxy: TestProxy
let proxyPort: number

beforeAll(async () => {
  proxyPort = await freePort()
  proxy = await startTestProxy(proxyPort)
  const POSTHORN_EGRESS_PROXY = `http://posthorn:pass-word-of-proxy@127.0.0.1:${proxyPort}`
  posthorn = await startPosthorn({ env: { POSTHORN_EGRESS_PROXY } })
  posthorn.secrets.add('pass-word-of-proxy').add(btoa('posthorn:pass-word-of-proxy'))
  receiver = await posthorn.receiver()
})
afterAll(async () => {
  await posthorn?.stop()
  await proxy?.close()
})

/** A receiver whose every connection is one of its own: each attempt asks the proxy anew. */
async function closing(): Promise<{ url: string; count: () => number }> {
  const answer = 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'
  const server = await startRawReceiver({ onRequest: (socket) => socket.end(answer) })
  onTestFinished(() => server.close())
  return { url: server.origin, count: () => server.requests.length }
}

async function faults(): Promise<number> {
  const series = await scrape(posthorn.workers[0]?.url ?? '')
  return sum(series, 'posthorn_egress_faults_total')
}

async function faultsMoreThan(before: number): Promise<void> {
  await waitFor(async () => (await faults()) > before, { what: `more than ${before} faults` })
}

test('attempts go through the proxy, with its credentials, and the receiver never sees them', async () => {
  const shop = posthorn.tenant('through')
  const at = receiver.endpoint()
  await shop.webhook({ url: at.url })
  const { id } = await shop.publish()
  await shop.only(id, 'delivered')
  expect(JSON.stringify(at.received[0]?.headers)).not.toMatch(/proxy-/i)
  const target = new URL(at.url).host
  expect(proxy.heads.at(-1)).toContain(`CONNECT ${target} HTTP/1.1`)
  expect(proxy.heads.at(-1)).toContain(`Basic ${btoa('posthorn:pass-word-of-proxy')}`)
})

const REPLIES: [name: string, reply: ConnectReply][] = [
  ['407', proxyAnswer('407 Proxy Authentication Required')],
  ['502', proxyAnswer('502 Bad Gateway')],
  ['a closed connection', 'hang-up'],
  ['silence beyond patience and deadline', 'silence'],
]

test('whatever a proxy answers that lets nobody through costs no webhook anything', async () => {
  const shops = await Promise.all(
    REPLIES.map(async ([name, reply]) => {
      const shop = posthorn.tenant('fault')
      const at = await closing()
      // Without retries: an attempt that counted would be the last.
      const hook = await shop.webhook({ url: at.url, timeoutMs: 1_000, retryPolicy: schedule() })
      return { name, reply, shop, at, hook, port: new URL(at.url).port }
    }),
  )
  const before = await faults()
  proxy.reply = (target) => shops.find(({ port }) => target.endsWith(`:${port}`))?.reply ?? 'open'
  const sent = await Promise.all(
    shops.map(async (one) => ({
      ...one,
      events: [await one.shop.publish(), await one.shop.publish()],
    })),
  )
  await faultsMoreThan(before + 2 * REPLIES.length)
  const [first] = sent
  const tested = await first?.shop.client.post(503, `/v1/webhooks/${first.hook.id}/test`)
  expect(tested).toMatchObject({ code: 'egress_unavailable' })
  proxy.reply = () => 'open'
  for (const { name, shop, events, at, hook } of sent) {
    for (const { id } of events) {
      const delivery = await shop.only(id, 'delivered')
      expect(delivery.attempts, name).toMatchObject([{ number: 1, outcome: 'success' }])
    }
    expect(at.count(), name).toBe(2)
    expect((await shop.webhookNow(hook.id)).enabled).toBe(true)
  }
  // Its jobs were put off: nothing is wrong with them, so nothing is reported or split.
  expect(posthorn.printedBy('a job threw')).toEqual([])
})

test('while the proxy is away workers send nothing and are not ready; then all goes on', async () => {
  const shop = posthorn.tenant('away')
  const at = receiver.endpoint()
  await shop.webhook({ url: at.url, retryPolicy: schedule() })
  const worker = posthorn.workers[0]
  const readyz = async () => await (await request(`${worker?.url}/readyz`)).body.text()
  await proxy.close()
  const events = await Promise.all(upTo(30).map(() => shop.publish()))
  await waitFor(async () => (await readyz()).includes('The egress proxy cannot be reached'), {
    what: 'the worker to say that the proxy is away',
  })
  const before = await faults()
  proxy = await startTestProxy(proxyPort)
  await waitFor(async () => !(await readyz()).includes('egress'), {
    what: 'the worker to be ready',
  })
  for (const { id } of events) {
    expect((await shop.only(id, 'delivered')).attempts.length).toBe(1)
  }
  expect(at.received.length).toBe(30)
  // They waited at the gate: at most what was in the air when it closed was tried in vain after that.
  expect((await faults()) - before).toBeLessThan(5)
  expect(worker?.output).toContain('the egress proxy can be reached again')
})

test('a receiver that is down, while others get through, is charged as it would be directly', async () => {
  const shop = posthorn.tenant('down')
  await shop.webhook({ url: `http://127.0.0.1:${await freePort()}/`, retryPolicy: schedule() })
  const { id } = await shop.publish()
  const others = posthorn.tenant('others')
  const at = await closing()
  await others.webhook({ url: at.url })
  let ended = false
  const traffic = (async () => {
    while (!ended) await others.finished((await others.publish()).id)
  })()
  const delivery = await shop.only(id, 'dead')
  ended = true
  await traffic
  expect(delivery.attempts).toMatchObject([{ number: 1, outcome: 'connect' }])
})
