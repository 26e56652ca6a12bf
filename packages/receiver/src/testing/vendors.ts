import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { basic, bearer } from '../scheme/credential.ts'
import { github } from '../scheme/github.ts'
import { hmac } from '../scheme/hmac.ts'
import { logto } from '../scheme/logto.ts'
import type { Scheme, Secrets } from '../scheme/scheme.ts'
import { shopify } from '../scheme/shopify.ts'
import { slack } from '../scheme/slack.ts'
import { standardWebhooks } from '../scheme/standard-webhooks.ts'
import { stripe } from '../scheme/stripe.ts'

/** A vendor as a test plays it. */
export interface Vendor {
  readonly scheme: (secrets: Secrets) => Scheme
  /** Two secrets: the one in use, and another. */
  readonly secrets: readonly [string, string]
  readonly body: string
  readonly headers: (secret: string, body: string, nowMs: number) => Record<string, string>
  /** What the scheme makes of the body and the headers. */
  readonly id: string | undefined
  readonly type: string | undefined
  readonly signsTime?: true
  /** Whether the body is signed at all. */
  readonly signsBody: boolean
}

const SECRETS = ['the first secret of the vendor', 'the second secret of the vendor'] as const
const seconds = (nowMs: number) => String(Math.floor(nowMs / 1_000))
const sha256 = (secret: string, text: string, encoding: 'hex' | 'base64' = 'hex') =>
  createHmac('sha256', secret).update(text).digest(encoding)
const standardSecret = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`
const common = { secrets: SECRETS, signsBody: true } as const

export const VENDORS: Readonly<Record<string, Vendor>> = {
  'standard-webhooks': {
    scheme: standardWebhooks,
    secrets: [standardSecret(1), standardSecret(2)],
    body: '{"type":"user.created","timestamp":"2026-01-01T00:00:00Z","data":{"n":1.0}}',
    headers: (secret, body, nowMs) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': seconds(nowMs),
      'webhook-signature': new Webhook(secret).sign('msg_1', new Date(nowMs), body),
    }),
    id: 'msg_1',
    type: 'user.created',
    signsTime: true,
    signsBody: true,
  },
  logto: {
    ...common,
    scheme: logto,
    body: '{"hookId":"hook_1","event":"PostSignIn","createdAt":"2026-01-01T00:00:00.000Z"}',
    headers: (secret, body) => ({ 'logto-signature-sha-256': sha256(secret, body) }),
    id: undefined,
    type: 'PostSignIn',
  },
  github: {
    ...common,
    scheme: github,
    body: '{"action":"opened","number":1}',
    headers: (secret, body) => ({
      'x-github-event': 'pull_request',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': `sha256=${sha256(secret, body)}`,
    }),
    id: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    type: 'pull_request',
  },
  stripe: {
    ...common,
    scheme: stripe,
    body: '{"id":"evt_1NG8Du2eZvKYlo2CUI79vXWy","object":"event","type":"invoice.paid"}',
    headers: (secret, body, nowMs) => {
      const at = seconds(nowMs)
      return { 'stripe-signature': `t=${at},v1=${sha256(secret, `${at}.${body}`)},v0=00` }
    },
    id: 'evt_1NG8Du2eZvKYlo2CUI79vXWy',
    type: 'invoice.paid',
    signsTime: true,
  },
  shopify: {
    ...common,
    scheme: shopify,
    body: '{"id":820982911946154508,"total_price":"403.00"}',
    headers: (secret, body) => ({
      'x-shopify-topic': 'orders/create',
      'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
      'x-shopify-hmac-sha256': sha256(secret, body, 'base64'),
    }),
    id: 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    type: 'orders/create',
  },
  slack: {
    ...common,
    scheme: slack,
    body: '{"type":"event_callback","event_id":"Ev123ABC456","event":{"type":"app_mention"}}',
    headers: (secret, body, nowMs) => ({
      'x-slack-request-timestamp': seconds(nowMs),
      'x-slack-signature': `v0=${sha256(secret, `v0:${seconds(nowMs)}:${body}`)}`,
    }),
    id: 'Ev123ABC456',
    type: 'app_mention',
    signsTime: true,
  },
  hmac: {
    ...common,
    scheme: (secrets) =>
      hmac(secrets, {
        header: 'X-Acme-Signature',
        algorithm: 'sha512',
        encoding: 'base64',
        prefix: 'v2=',
        signs: '{id}:{timestamp}:{body}!',
        timestampHeader: 'X-Acme-Time',
        idHeader: 'X-Acme-Id',
        typeHeader: 'X-Acme-Topic',
      }),
    body: '{"$&":"{id}{timestamp}"}',
    headers: (secret, body, nowMs) => {
      const signed = `acme-1:${seconds(nowMs)}:${body}!`
      return {
        'x-acme-id': 'acme-1',
        'x-acme-time': seconds(nowMs),
        'x-acme-topic': 'thing.done',
        'x-acme-signature': `v2=${createHmac('sha512', secret).update(signed).digest('base64')}`,
      }
    },
    id: 'acme-1',
    type: 'thing.done',
    signsTime: true,
  },
  basic: {
    scheme: basic,
    secrets: ['ada:pass:word', 'ada:another'],
    body: '{"type":"thing.done"}',
    headers: (secret) => ({
      authorization: `Basic ${Buffer.from(secret).toString('base64')}`,
    }),
    id: undefined,
    type: 'thing.done',
    signsBody: false,
  },
  bearer: {
    scheme: bearer,
    secrets: ['token-1', 'token-2'],
    body: '{"type":"thing.done"}',
    headers: (secret) => ({ authorization: `bearer ${secret}` }),
    id: undefined,
    type: 'thing.done',
    signsBody: false,
  },
}
