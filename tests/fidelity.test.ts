import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { schedule } from './harness/tenant.ts'
import { dataOf, verifies } from './harness/verify.ts'
import { inParallel } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn()
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

const BYTES: Record<string, string> = {
  'the order of keys': '{"z":1,"a":2,"10":3,"9":4}',
  'keys that stand twice below the top': '{"a":1,"a":2}',
  'a number beyond 2^53': '{"id":12345678901234567890}',
  'a number with a fraction of zero': '[1.0,-0,1E+2,0.10]',
  'a number beyond a double': '{"huge":1e400,"tiny":1e-400}',
  escapes: String.raw`"\u0041\/\"\\\b\f\n\r\t\u00e9"`,
  'escaped surrogates, paired and alone': String.raw`["\ud83d\ude00","\ud800"]`,
  'text beyond ASCII': '{"naïve":"日本語 😀 \u2028","e\u0301":"é"}',
  whitespace: '{ "a" : [ 1 ,\t2 ] ,\r\n "b" : { } }',
  'a __proto__ key': '{"__proto__":{"admin":true},"constructor":1}',
  null: 'null',
  false: 'false',
  'an empty string': '""',
  'a body that looks like the envelope': '{"type":"x","timestamp":"y","data":{"data":1}}',
}

describe('data reaches the subscriber byte for byte', () => {
  test.each(Object.entries(BYTES))('%s', async (name, data) => {
    const shop = posthorn.tenant('bytes')
    const at = receiver.endpoint()
    const { secret } = await shop.webhook({ url: at.url })
    const { id } = await shop.publishRaw('byte.test', data, `bytes-${shop.name}`)
    const arrival = await at.arrival(id)
    expect(dataOf(arrival.text), name).toBe(data)
    expect(arrival.raw.equals(Buffer.from(arrival.text, 'utf8'))).toBe(true)
    // The reference library parses what it has verified: 1e400 is Infinity to it, no matter.
    expect(verifies(arrival, secret)).toBe(true)
  })

  test('wherever data stands in the envelope, and with space around it', async () => {
    const shop = posthorn.tenant('envelope')
    const at = receiver.endpoint()
    await shop.webhook({ url: at.url })
    const raws = [
      `{"data":{"b":1.0,"a":2},"tenant":"${shop.name}","type":"a.b","id":"first"}`,
      `\n{ "tenant" : "${shop.name}" , "data" :\t{"b":1.0,"a":2} , "type":"a.b","id":"second" }\n`,
      `{"tenant":"${shop.name}","type":"a.b","labels":{"data":"{\\"data\\":0}"},"id":"third","data":{"b":1.0,"a":2}}`,
      `{"tenant":"${shop.name}","type":"a.b","id":"fourth","\\u0064ata":{"b":1.0,"a":2}}`,
    ]
    await inParallel(raws, 4, (raw) => shop.client.need(202, 'POST', '/v1/events', { raw }))
    for (const id of ['first', 'second', 'third', 'fourth']) {
      expect(dataOf((await at.arrival(id)).text), id).toBe('{"b":1.0,"a":2}')
    }
  })

  test('in every entry of a batch, JSON and NDJSON', async () => {
    const shop = posthorn.tenant('batch-bytes')
    const at = receiver.endpoint()
    await shop.webhook({ url: at.url })
    const entries = Object.values(BYTES).map((data, index) => {
      // An entry of NDJSON is one line.
      const line = data.replace(/[\r\n]/g, ' ')
      return { id: `e${index}`, line }
    })
    const text = (id: string, line: string): string =>
      `{"tenant":"${shop.name}","type":"a.b","id":"${id}","data":${line}}`
    const array = `[${entries.map(({ id, line }) => text(`json-${id}`, line)).join(' , ')}]`
    const lines = entries.map(({ id, line }) => text(`nd-${id}`, line)).join('\n')
    await shop.client.need(202, 'POST', '/v1/events/batch', { raw: array })
    const contentType = 'application/x-ndjson'
    await shop.client.need(202, 'POST', '/v1/events/batch', { raw: lines, contentType })
    for (const { id, line } of entries) {
      expect(dataOf((await at.arrival(`json-${id}`)).text)).toBe(line)
      expect(dataOf((await at.arrival(`nd-${id}`)).text)).toBe(line)
    }
  })

  test('through a retry, a manual retry, a replay and a redrive', async () => {
    const shop = posthorn.tenant('again-bytes')
    const at = receiver.endpoint([500, 500, 200])
    const hook = await shop.webhook({ url: at.url, retryPolicy: schedule(0.1) })
    const data = '{"z":1.0,"a":12345678901234567890,"n":1e400,"s":"\\u0041 é 😀"}'
    const { id } = await shop.publishRaw('byte.test', data, 'again')

    const dead = await shop.only(id, 'dead')
    await shop.deadLetters(1)
    await shop.redrive({ webhook: hook.id })
    await shop.only(id, 'delivered')
    await shop.client.post(202, `/v1/deliveries/${dead.id}/retry`)
    await at.arrivals(4)
    await shop.only(id, 'delivered')
    await shop.client.post(202, `/v1/events/${id}/replay`, {}, { tenant: shop.name })
    const arrivals = await at.arrivals(5)

    expect(arrivals.map((each) => dataOf(each.text))).toEqual(Array(5).fill(data))
    expect(new Set(arrivals.map((each) => each.text)).size).toBe(1)
    expect(arrivals.every((each) => verifies(each, hook.secret))).toBe(true)
    const read = await shop.client.call('GET', `/v1/events/${id}?tenant=${shop.name}`)
    expect(read.text).toContain(data)
  })

  test('the largest data that is allowed, and one byte more is 413', async () => {
    const shop = posthorn.tenant('large')
    const at = receiver.endpoint()
    await shop.webhook({ url: at.url })
    const data = `"${'é'.repeat(131_071)}"`
    expect(Buffer.byteLength(data)).toBe(262_144)
    const { id } = await shop.publishRaw('large.event', data, 'largest')
    expect(dataOf((await at.arrival(id)).text)).toBe(data)
    const raw = `{"tenant":"${shop.name}","type":"a","data":${data.replace('"é', '"xé')}}`
    await shop.client.need(413, 'POST', '/v1/events', { raw })
  })
})

interface SignedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: string
}

test('the request of a delivery, read before it is sent, is what then arrives but for its times', async () => {
  const shop = posthorn.tenant('request')
  const at = receiver.endpoint()
  const headers = { 'x-own': 'own-value' }
  const { id: hook, secret } = await shop.webhook({ url: at.url, headers })
  await shop.act(hook, 'pause')
  const data = '{"z":1.0,"a":12345678901234567890,"e":"\\u00e9"}'
  const { id } = await shop.publishRaw('byte.test', data, `bytes-${shop.name}`)
  const delivery = await shop.only(id, 'parked')
  const read = await shop.client.get<SignedRequest>(`/v1/deliveries/${delivery.id}/request`)
  expect(read).toMatchObject({ method: 'POST', url: at.url })
  expect(verifies({ ...read, raw: Buffer.from(read.body) }, secret)).toBe(true)
  expect(at.received).toEqual([])

  await shop.act(hook, 'resume')
  const arrival = await at.arrival(id)
  expect(arrival.text).toBe(read.body)
  const { 'webhook-timestamp': _at, 'webhook-signature': _by, ...settled } = read.headers
  expect(arrival.headers).toMatchObject({ ...settled, ...headers })
})
