import { randomUUID } from 'node:crypto'
import { sharedRedisUrl } from '@posthorn/shared/testing/namespace.ts'
import { Queue } from 'bullmq'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createReceiver, type Outcome, type Receiver } from '../receive/receiver.ts'
import { slack } from '../scheme/slack.ts'
import { FRAMEWORKS, type Served } from '../testing/frameworks.ts'
import { VENDORS } from '../testing/vendors.ts'

const MAX_BODY_BYTES = 4_096
const vendor = VENDORS.slack as NonNullable<(typeof VENDORS)[string]>
const [secret, other] = vendor.secrets

let queue: Queue
let outcomes: Outcome[]
let receiver: Receiver

beforeAll(() => {
  queue = new Queue(`receiver-${randomUUID()}`, { connection: { url: sharedRedisUrl() } })
})
afterAll(async () => {
  await queue.obliterate({ force: true })
  await queue.close()
})
beforeEach(async () => {
  outcomes = []
  const onAnswer = (outcome: Outcome) => outcomes.push(outcome)
  const scheme = slack([secret])
  receiver = createReceiver({ queue, scheme, maxBodyBytes: MAX_BODY_BYTES, onAnswer })
})

/** A body like Slack's, of an event of its own. */
const newBody = (padding = '') =>
  `{"type":"event_callback","event_id":"${randomUUID()}","event":{"type":"a"}, "n":1.0,"p":"${padding}"}`

describe.each(Object.entries(FRAMEWORKS))('behind %s', (name, start) => {
  let served: Served
  beforeEach(async () => {
    served = await start(receiver)
  })
  afterEach(() => served.close())

  function post(body: string, by = secret, headers: Record<string, string> = {}) {
    const signed = vendor.headers(by, body, Date.now())
    const type = { 'content-type': 'application/json' }
    return fetch(served.url, { method: 'POST', body, headers: { ...type, ...signed, ...headers } })
  }

  test('the raw bytes are verified and lie on the queue before the answer, whatever their media type', async () => {
    const types = ['application/json', 'application/x-www-form-urlencoded', 'text/plain']
    for (const type of types) {
      const body = newBody()
      const answer = await post(body, secret, { 'content-type': type })
      expect([answer.status, await answer.text()]).toEqual([202, ''])
      const [job] = await queue.getJobs(['waiting'], 0, 0)
      expect(job?.data.event).toMatchObject({ body, scheme: 'slack', type: 'a' })
      expect(job?.data.event.headers).toMatchObject({ 'content-type': type })
    }
  })

  test('what another secret signed is answered 401 and not queued', async () => {
    const before = await queue.count()
    expect((await post(newBody(), other)).status).toBe(401)
    expect((await fetch(served.url, { method: 'POST' })).status).toBe(401)
    expect(await queue.count()).toBe(before)
    expect(outcomes).toEqual([
      { result: 'refused', fault: 'mismatch' },
      { result: 'refused', fault: 'missing' },
    ])
  })

  test('a repeat is answered the same and queued once', async () => {
    const body = newBody()
    const before = await queue.count()
    expect((await post(body)).status).toBe(202)
    expect((await post(body)).status).toBe(202)
    expect(await queue.count()).toBe(before + 1)
    expect(outcomes.map(({ result }) => result)).toEqual(['queued', 'repeated'])
  })

  test('a body that is too large is answered 413', async () => {
    expect((await post(newBody('x'.repeat(MAX_BODY_BYTES)))).status).toBe(413)
    // The parser in front of it answers for itself.
    if (name !== 'express behind express.raw') {
      expect(outcomes).toEqual([{ result: 'refused', fault: 'too_large' }])
    }
    expect((await post(newBody('x'))).status).toBe(202)
  })

  test('Slack’s question is answered with its challenge', async () => {
    const answer = await post('{"type":"url_verification","challenge":"3eZbrw1aB"}')
    expect([answer.status, await answer.text()]).toEqual([200, '3eZbrw1aB'])
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
  })

  test('what is not a POST is not received', async () => {
    expect([404, 405]).toContain((await fetch(served.url)).status)
    expect(outcomes).toEqual([])
  })
})
