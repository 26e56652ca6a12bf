import { describe, expect, it } from 'vitest'
import { inputErrors } from '../error/input-errors.ts'
import {
  disableSchema,
  rotateSecretSchema,
  webhookInputSchema,
  webhookPatchSchema,
} from './schema.ts'

const minimal = { url: 'https://example.com', eventTypes: ['*'] }
const pathsOf = (input: object) => {
  const parsed = webhookInputSchema.safeParse({ ...minimal, ...input })
  return parsed.success ? [] : inputErrors(parsed.error).map(({ path }) => path)
}
const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`

describe('a webhook is accepted', () => {
  it.each<[string, object]>([
    ['with URL and event types alone', {}],
    [
      'with every kind of subscription',
      { eventTypes: ['*', 'user.*', 'a.b.*', 'PostSignIn', 'a-b_c.1'] },
    ],
    ['with headers', { headers: { 'X-Token': 'abc', 'x-empty': '' } }],
    ['with a secret of 24 bytes', { secret: secretOf(24) }],
    ['with a secret of 64 bytes', { secret: secretOf(64) }],
    ['with a schedule', { retryPolicy: { type: 'schedule', delaysSeconds: [0.5, 30], jitter: 0 } }],
    ['at the limits of the time-out', { timeoutMs: 1_000 }],
    ['at the limits of the time-out', { timeoutMs: 60_000 }],
    ['with metadata', { metadata: { owner: 'team a' } }],
    ['disabled', { enabled: false }],
  ])('%s', (_, input) => {
    expect(pathsOf(input)).toEqual([])
  })
})

describe('a webhook is refused, and the place is named', () => {
  it.each<[string, object]>([
    ['eventTypes', { eventTypes: [] }],
    ['eventTypes[0]', { eventTypes: ['user.*.created'] }],
    ['eventTypes[0]', { eventTypes: ['*.created'] }],
    ['eventTypes[0]', { eventTypes: ['user*'] }],
    ['eventTypes[0]', { eventTypes: ['user..created'] }],
    ['eventTypes[0]', { eventTypes: ['.*'] }],
    ['eventTypes[0]', { eventTypes: [''] }],
    ['eventTypes[1]', { eventTypes: ['*', 'a b'] }],
    ['eventTypes[0]', { eventTypes: [`${'a'.repeat(129)}.*`] }],
    ['url', { url: '' }],
    ['url', { url: null }],
    ['tenant', { tenant: 'a/b' }],
    ['tenant', { tenant: 'x'.repeat(65) }],
    ['name', { name: ' ' }],
    ['secret', { secret: 'whsec_' }],
    ['secret', { secret: 'whsec_***' }],
    ['secret', { secret: 'secret' }],
    ['timeoutMs', { timeoutMs: 999 }],
    ['timeoutMs', { timeoutMs: 60_001 }],
    ['timeoutMs', { timeoutMs: 1_500.5 }],
    ['retryPolicy.type', { retryPolicy: { type: 'never' } }],
    [
      'retryPolicy.delaysSeconds[0]',
      { retryPolicy: { type: 'schedule', delaysSeconds: [-1], jitter: 0 } },
    ],
    ['headers.Host', { headers: { Host: 'a' } }],
    ['headers.WEBHOOK-id', { headers: { 'WEBHOOK-id': 'a' } }],
    ['headers.x-a', { headers: { 'x-a': 'a\r\nb: c' } }],
    ['headers.x-a', { headers: { 'x-a': 'é' } }],
    ['headers.X-A', { headers: { 'x-a': '1', 'X-A': '2' } }],
    ['metadata', { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [i, ''])) }],
    ['metadata.a', { metadata: { a: 1 } }],
    ['rateLimit.limit', { rateLimit: { limit: 0, periodSeconds: 1 } }],
    ['rateLimit.limit', { rateLimit: { limit: 1.5, periodSeconds: 1 } }],
    ['rateLimit.periodSeconds', { rateLimit: { limit: 1 } }],
    ['rateLimit.periodSeconds', { rateLimit: { limit: 1, periodSeconds: 86_401 } }],
    ['rateLimit', { rateLimit: 10 }],
    ['circuitBreaker.failures', { circuitBreaker: { failures: 19 } }],
    ['circuitBreaker.probeSeconds', { circuitBreaker: { probeSeconds: 0 } }],
    ['maxConcurrency', { maxConcurrency: 0 }],
    ['maxConcurrency', { maxConcurrency: '5' }],
    ['ordered', { ordered: 'yes' }],
    ['id', { id: 'wh_1' }],
    ['paused', { paused: true }],
  ])('%s: %j', (path, input) => {
    expect(pathsOf(input)).toContain(path)
  })
})

describe('what has a default', () => {
  it.each(['filter', 'format', 'signature'])('%s: null asks for nothing', (field) => {
    expect(webhookInputSchema.safeParse({ ...minimal, [field]: null }).success).toBe(true)
    expect(webhookPatchSchema.safeParse({ [field]: null }).success).toBe(true)
  })
})

describe('a change, and a new one,', () => {
  it('may set to null what has a default, and nothing else', () => {
    const nullable = [
      'name',
      'description',
      'enabled',
      'headers',
      'retryPolicy',
      'timeoutMs',
      'rateLimit',
      'maxConcurrency',
      'ordered',
      'circuitBreaker',
      'metadata',
    ]
    for (const field of nullable) {
      expect(webhookPatchSchema.safeParse({ [field]: null }).success).toBe(true)
      expect(webhookInputSchema.safeParse({ ...minimal, [field]: null }).success).toBe(true)
    }
    for (const field of ['url', 'eventTypes', 'secret', 'tenant'])
      expect(webhookInputSchema.safeParse({ ...minimal, [field]: null }).success).toBe(false)
    for (const field of ['url', 'eventTypes', 'secret', 'tenant', 'id']) {
      expect(webhookPatchSchema.safeParse({ [field]: null }).success).toBe(false)
    }
  })
})

describe('a rotation', () => {
  it('overlaps a day unless told otherwise', () => {
    expect(rotateSecretSchema.parse({})).toEqual({ overlapSeconds: 86_400 })
    expect(rotateSecretSchema.safeParse({ overlapSeconds: 0 }).success).toBe(true)
    for (const overlapSeconds of [-1, 0.5, 31 * 86_400, null, '3']) {
      expect(rotateSecretSchema.safeParse({ overlapSeconds }).success).toBe(false)
    }
  })
})

it('a reason to disable is a short text', () => {
  expect(disableSchema.safeParse({}).success).toBe(true)
  expect(disableSchema.safeParse({ reason: '' }).success).toBe(false)
  expect(disableSchema.safeParse({ reason: 'x'.repeat(501) }).success).toBe(false)
})
