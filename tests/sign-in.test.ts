import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { verifies } from './harness/verify.ts'
import { inParallel, upTo } from './harness/wait.ts'

let posthorn: Posthorn
let service: Receiver
let otherService: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn()
  service = await posthorn.receiver()
  otherService = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

const USER_AGENT = 'Mozilla/5.0 (Quiet; rv:149.0) Sign-In/7f3a91'
const USER_IP = '203.0.113.77'
const SIGN_IN = {
  userIp: USER_IP,
  userAgent: USER_AGENT,
  user: { id: 'u_1', name: 'Zoë', emails: [] as string[] },
  sessionId: null,
}

describe('one sign-in for two services', () => {
  test('each webhook gets it once and verifies it with its own secret only', async () => {
    const shop = posthorn.tenant('sign-in')
    const [atHook, atOther] = [service.endpoint(), otherService.endpoint()]
    const hook = await shop.webhook({ url: atHook.url, eventTypes: ['PostSignIn'] })
    const other = await shop.webhook({ url: atOther.url, eventTypes: ['PostSignIn'] })
    expect(hook.secret).toMatch(/^whsec_/)
    expect(other.secret).not.toBe(hook.secret)

    const event = await shop.publish({ type: 'PostSignIn', data: SIGN_IN })
    const seen = await shop.finished(event.id, 2)

    expect(seen.deliveries.map((each) => each.status)).toEqual(['delivered', 'delivered'])
    expect(new Set(seen.deliveries.map((each) => each.webhook))).toEqual(
      new Set([hook.id, other.id]),
    )
    expect([atHook.received.length, atOther.received.length]).toEqual([1, 1])
    const [first, second] = [await atHook.arrival(event.id), await atOther.arrival(event.id)]
    expect([verifies(first, hook.secret), verifies(second, other.secret)]).toEqual([true, true])
    expect([verifies(first, other.secret), verifies(second, hook.secret)]).toEqual([false, false])
    expect(JSON.parse(first.text)).toEqual({
      type: 'PostSignIn',
      timestamp: event.timestamp,
      data: SIGN_IN,
    })
    expect(second.text).toBe(first.text)
  })

  test('the request carries the headers of the contract', async () => {
    const shop = posthorn.tenant('headers')
    const at = service.endpoint()
    await shop.webhook({ url: at.url, headers: { 'X-Shop': 'quite-secret-header-value' } })
    const event = await shop.publish({ type: 'user.created' })
    const { deliveries } = await shop.finished(event.id)
    const { headers, method } = await at.arrival(event.id)

    expect(method).toBe('POST')
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': event.id,
      'posthorn-event-type': 'user.created',
      'posthorn-delivery-id': deliveries[0]?.id,
      'posthorn-attempt': '1',
      'x-shop': 'quite-secret-header-value',
    })
    expect(headers['user-agent']).toMatch(/^Posthorn\/\d+\.\d+\.\d+/)
    expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1_000)).toBeLessThan(5)
    expect(headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/)
    expect(posthorn.printedBy('quite-secret-header-value')).toEqual([])
  })

  test('a webhook of another type or another tenant stays silent', async () => {
    const shop = posthorn.tenant('own')
    const stranger = posthorn.tenant('stranger')
    const ends = upTo(5).map(() => service.endpoint())
    const [own, otherType, longerType, disabled, foreign] = ends.map((end) => end.url)
    await shop.webhook({ url: own ?? '', eventTypes: ['PostSignIn'] })
    await shop.webhook({ url: otherType ?? '', eventTypes: ['PostRegister', 'user.*'] })
    await shop.webhook({ url: longerType ?? '', eventTypes: ['PostSignIn.*'] })
    await shop.webhook({ url: disabled ?? '', eventTypes: ['*'], enabled: false })
    await stranger.webhook({ url: foreign ?? '', eventTypes: ['*'] })

    const event = await shop.publish({ type: 'PostSignIn', data: SIGN_IN })
    await shop.finished(event.id, 1)
    expect(ends.map((end) => end.received.length)).toEqual([1, 0, 0, 0, 0])
  })

  test('user.* takes any depth below it, not the name itself', async () => {
    const shop = posthorn.tenant('wildcard')
    const at = service.endpoint()
    await shop.webhook({ url: at.url, eventTypes: ['user.*'] })
    const types = ['user', 'users.created', 'user.created', 'user.email.changed']
    const events = await inParallel(types, 4, (type) => shop.publish({ type }))
    const counts = [0, 0, 1, 1]
    await inParallel(events, 4, ({ id }, index) => shop.finished(id, counts[index]))
    expect(at.received.map((each) => each.headers['posthorn-event-type']).sort()).toEqual([
      'user.created',
      'user.email.changed',
    ])
  })

  test('what the event says of its user stands in no log line of any process', async () => {
    const shop = posthorn.tenant('private')
    const at = service.endpoint([500, 200])
    const retryPolicy = { type: 'schedule', delaysSeconds: [0.1], jitter: 0 } as const
    await shop.webhook({ url: at.url, retryPolicy: { ...retryPolicy, delaysSeconds: [0.1] } })
    const event = await shop.publish({ type: 'PostSignIn', data: SIGN_IN })
    await shop.finished(event.id)
    expect(at.received.length).toBe(2)
    for (const told of [USER_IP, USER_AGENT, 'Zoë']) expect(posthorn.printedBy(told)).toEqual([])
  })
})

describe('an event that nobody takes', () => {
  test('says that the tenant has no webhooks, none of its type, or only disabled ones', async () => {
    const empty = posthorn.tenant('empty')
    const noType = posthorn.tenant('no-type')
    const disabled = posthorn.tenant('disabled')
    const url = service.endpoint().url
    await noType.webhook({ url, eventTypes: ['other.type'] })
    await disabled.webhook({ url, eventTypes: ['*'], enabled: false })
    const reasons = await inParallel([empty, noType, disabled], 3, async (tenant) => {
      const { id } = await tenant.publish()
      return await tenant.unmatchedReason(id)
    })
    expect(reasons).toEqual(['no_webhooks', 'no_type', 'disabled'])
  })
})
