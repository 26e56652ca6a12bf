import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeBinary, repositoryRoot } from './harness/place.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Arrival, Receiver } from './harness/receiver.ts'
import { waitFor } from './harness/wait.ts'

const run = promisify(execFile)
const SIGNING_KEY = 'the signing key of Logto'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn()
  posthorn.secrets.add(SIGNING_KEY)
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

async function example(name: string, ...args: string[]): Promise<string> {
  const file = join(repositoryRoot, 'examples/sources', name)
  const own = { POSTHORN_URL: posthorn.url, POSTHORN_KEY: posthorn.key, SIGNING_KEY }
  const { stdout } = await run(nodeBinary, [file, ...args], { env: { ...process.env, ...own } })
  for (const [secret] of stdout.matchAll(/whsec_[A-Za-z0-9+/=]+/g)) posthorn.secrets.add(secret)
  return stdout
}

/** As Logto posts. */
async function post(url: string, body: string, key = SIGNING_KEY) {
  const signature = createHmac('sha256', key).update(body).digest('hex')
  const headers = { 'content-type': 'application/json', 'logto-signature-sha-256': signature }
  const response = await fetch(url, { method: 'POST', headers, body })
  return { status: response.status, json: (await response.json()) as Record<string, unknown> }
}

test('one sign-in at Logto reaches both services of the example, with the bytes that Logto sent', async () => {
  const services = [
    receiver.endpoint(),
    receiver.endpoint((_arrival, nth) => (nth === 1 ? 500 : 200)),
  ]
  const said = await example('logto.mjs', ...services.map(({ url }) => url))
  const [, endpoint = ''] = /endpoint for Logto: (\S+)/.exec(said) ?? []
  expect(said.match(/whsec_/g)?.length).toBe(2)

  const body =
    '{"hookId": "h", "event":"PostSignIn", "n":12345678901234567890, "x":1.0, "é":"\\u00e9"}\n'
  const taken = await post(endpoint, body)
  expect(taken).toEqual({ status: 202, json: { id: expect.any(String), duplicate: false } })
  const id = String(taken.json.id)
  for (const service of services) {
    const [{ text, headers }] = (await service.arrivals(1)) as [Arrival]
    expect(headers['posthorn-event-type']).toBe('PostSignIn')
    expect(headers['webhook-id']).toBe(id)
    expect(text).toContain(`"data":${body}`)
    expect(JSON.parse(text).type).toBe('PostSignIn')
  }

  // Nothing of the repeat, and nothing of a stranger.
  expect((await post(endpoint, body)).json).toEqual({ id, duplicate: true })
  expect((await post(endpoint, body, 'another')).status).toBe(401)
  const other = await post(endpoint, '{"event":"User.Deleted"}')
  await services[0]?.arrival(String(other.json.id))
  expect(services[0]?.received.length).toBe(2)

  const rotated = await example('rotate.mjs', /src_\w+/.exec(endpoint)?.[0] ?? '', 'the next one')
  expect(rotated).toBe('2 secrets are accepted\n')
  for (const key of ['the next one', SIGNING_KEY]) {
    expect((await post(endpoint, `{"event":"x","key":"${key}"}`, key)).status).toBe(202)
  }
})

test('an API that is killed while it takes them loses none that it has answered, and doubles none', async () => {
  const shop = posthorn.tenant('source')
  const at = receiver.endpoint()
  await shop.webhook({ url: at.url })
  const made = { name: 'a', type: 'logto', secrets: [SIGNING_KEY], tenant: shop.name }
  const { path } = await shop.client.post<{ path: string }>(201, '/v1/sources', made)
  const answered = new Map<string, string>()
  const bodies = Array.from({ length: 200 }, (_, n) => `{"event":"a.b","n":${n}}`)
  /** Answers whether all of them are answered 202 by now. */
  const sendAll = async (origin: string): Promise<boolean> => {
    const open = bodies.filter((body) => !answered.has(body))
    await Promise.all(
      open.map(async (body) => {
        const answer = await post(origin + path, body).catch(() => undefined)
        if (answer?.status === 202) answered.set(body, String(answer.json.id))
      }),
    )
    return answered.size === bodies.length
  }
  const api = await posthorn.startApi()
  const sending = sendAll(api.url)
  await waitFor(() => answered.size > 0, { what: 'a first answer' })
  await api.kill('SIGKILL')
  await sending
  // Logto's retries, through another process.
  await waitFor(() => sendAll(posthorn.url), { what: 'an answer to each' })
  const ids = [...answered.values()]
  expect(new Set(ids).size).toBe(bodies.length)
  await Promise.all(ids.map((id) => at.arrival(id)))
  expect(at.received.length).toBe(bodies.length)
})
