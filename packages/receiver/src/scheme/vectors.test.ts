import { createHmac } from 'node:crypto'
import { sign as githubSign } from '@octokit/webhooks-methods'
import '@shopify/shopify-api/adapters/node'
import { ApiVersion, shopifyApi } from '@shopify/shopify-api'
import { Webhook } from 'standardwebhooks'
import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { arrivalOf } from './arrival.ts'
import { basic, bearer } from './credential.ts'
import { github } from './github.ts'
import { hmac } from './hmac.ts'
import { logto } from './logto.ts'
import type { Scheme } from './scheme.ts'
import { shopify } from './shopify.ts'
import { slack } from './slack.ts'
import { standardWebhooks } from './standard-webhooks.ts'
import { stripe } from './stripe.ts'

const NOW_MS = 1_800_000_000_000
const NOW_SECONDS = NOW_MS / 1_000
const BODY = '{"id":"evt_1","type":"invoice.paid","event":"PostSignIn","é":1.0}'
const SECRET = 'a secret of the vendor'

async function faultOf(
  scheme: Scheme,
  headers: Record<string, string>,
  body = BODY,
  nowMs = NOW_MS,
) {
  return await scheme.verify(arrivalOf(headers, Buffer.from(body)), nowMs)
}

describe('what the vendor publishes is accepted', () => {
  test('the example of GitHub’s documentation', async () => {
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
    const headers = { 'x-hub-signature-256': signature }
    expect(await faultOf(github("It's a Secret to Everybody"), headers, 'Hello, World!')).toBe(
      undefined,
    )
  })

  test('the example of Slack’s documentation', async () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V' +
      '&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=' +
      '&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN' +
      '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
    const headers = {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    }
    const scheme = slack('8f742231b10e8888abcd99yyyzzz85a5')
    expect(await faultOf(scheme, headers, body, 1_531_420_618_000)).toBe(undefined)
  })

  test('the vector of the Standard Webhooks suites', async () => {
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    }
    const scheme = standardWebhooks('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
    const fault = await faultOf(scheme, headers, '{"test": 2432232314}', 1_614_265_330_000)
    expect(fault).toBe(undefined)
  })

  test.each([
    ['sha1', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
    ['sha256', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
    [
      'sha512',
      '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
    ],
  ] as const)('the vector of RFC 2202 and 4231 for %s', async (algorithm, hex) => {
    const body = 'what do ya want for nothing?'
    const scheme = hmac('Jefe', { header: 'X-Signature', algorithm })
    expect(await faultOf(scheme, { 'x-signature': hex }, body)).toBe(undefined)
    const base64 = Buffer.from(hex, 'hex').toString('base64')
    const other = hmac('Jefe', { header: 'X-Signature', algorithm, encoding: 'base64' })
    expect(await faultOf(other, { 'x-signature': base64 }, body)).toBe(undefined)
  })

  test('the example of RFC 7617 for Basic', async () => {
    const headers = { authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' }
    expect(await faultOf(basic('Aladdin:open sesame'), headers)).toBe(undefined)
  })

  test('the example of RFC 6750 for Bearer', async () => {
    const headers = { authorization: 'Bearer mF_9.B5f-4.1JqM' }
    expect(await faultOf(bearer('mF_9.B5f-4.1JqM'), headers)).toBe(undefined)
  })
})

describe('what the vendor’s own library signs or accepts is accepted', () => {
  test('@octokit/webhooks-methods', async () => {
    const headers = { 'x-hub-signature-256': await githubSign(SECRET, BODY) }
    expect(await faultOf(github(SECRET), headers)).toBe(undefined)
  })

  test('stripe', async () => {
    const header = new Stripe('sk_test_1').webhooks.generateTestHeaderString({
      payload: BODY,
      secret: SECRET,
      timestamp: NOW_SECONDS,
    })
    expect(await faultOf(stripe(SECRET), { 'stripe-signature': header })).toBe(undefined)
  })

  test('standardwebhooks', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
    const signature = new Webhook(secret).sign('msg_1', new Date(NOW_MS), BODY)
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(NOW_SECONDS),
      'webhook-signature': signature,
    }
    expect(await faultOf(standardWebhooks(secret), headers)).toBe(undefined)
  })

  test('@shopify/shopify-api, which refuses what is refused here', async () => {
    const api = shopifyApi({
      apiKey: 'key',
      apiSecretKey: SECRET,
      apiVersion: ApiVersion.January26,
      hostName: 'shop.example.com',
      isEmbeddedApp: false,
      logger: { log: () => undefined },
    })
    for (const secret of [SECRET, 'another one']) {
      const headers = {
        'x-shopify-hmac-sha256': createHmac('sha256', secret).update(BODY).digest('base64'),
        'x-shopify-topic': 'orders/create',
        'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
        'x-shopify-api-version': '2026-01',
        'x-shopify-shop-domain': 'shop.example.com',
      }
      const rawRequest = { headers, method: 'POST', url: '/' }
      const { valid } = await api.webhooks.validate({ rawBody: BODY, rawRequest })
      expect(valid).toBe(secret === SECRET)
      expect(await faultOf(shopify(SECRET), headers)).toBe(valid ? undefined : 'mismatch')
    }
  })

  test('the code of Logto’s documentation, which refuses what is refused here', async () => {
    const verify = (signingKey: string, rawBody: string, expectedSignature: string) => {
      const hmac = createHmac('sha256', signingKey)
      hmac.update(rawBody)
      return hmac.digest('hex') === expectedSignature
    }
    for (const key of [SECRET, 'another one']) {
      const signature = createHmac('sha256', key).update(BODY).digest('hex')
      const valid = verify(SECRET, BODY, signature)
      expect(valid).toBe(key === SECRET)
      const fault = await faultOf(logto(SECRET), { 'logto-signature-sha-256': signature })
      expect(fault).toBe(valid ? undefined : 'mismatch')
    }
  })
})
