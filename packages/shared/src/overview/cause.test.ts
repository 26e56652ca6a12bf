import { expect, test } from 'vitest'
import { type Cause, causeOf, type FailingWebhook, type Situation } from './cause.ts'

const NOW = Date.parse('2026-11-24T03:00:00Z')
const SINCE = Date.parse('2026-11-24T02:14:09Z')

const well = { workers: 2, memoryRatio: 0.1, fullAtRatio: 0.85, dangers: [], oldestWaitingMs: 0 }

function installed(more: Partial<NonNullable<Situation['installation']>>): Partial<Situation> {
  return { installation: { ...well, ...more } }
}

function crm(more: Partial<FailingWebhook> = {}): FailingWebhook {
  return {
    id: 'wh_crm',
    url: 'https://crm.example/hooks/T0KEN',
    isOpen: true,
    failures: 25,
    sinceMs: SINCE,
    lastFailure: 'timeout',
    parked: 1_204,
    ...more,
  }
}

const shop = { id: 'wh_shop', url: 'https://shop.example:8443/', parked: 3 }

type Row = [Partial<Situation>, Cause['severity'], string]

test.each<Row>([
  [{}, 'ok', 'All is well: nothing fails.'],
  [installed({ oldestWaitingMs: 9_999 }), 'ok', 'All is well: nothing fails.'],
  [installed({ workers: 0 }), 'critical', 'No worker is running.'],
  [
    { ...installed({ workers: 0 }), pending: 1_500 },
    'critical',
    'No worker is running; 1,500 deliveries waiting.',
  ],
  [
    installed({ memoryRatio: 0.851 }),
    'critical',
    'Redis uses 85 % of its memory: no new events are accepted.',
  ],
  [
    { ...installed({ oldestWaitingMs: 45_400 }), pending: 1 },
    'warning',
    'Workers do not keep up: the oldest job has waited for 45 s; 1 delivery waiting.',
  ],
  [
    installed({ oldestWaitingMs: 600_000 }),
    'critical',
    'Workers do not keep up: the oldest job has waited for 10 min.',
  ],
  [
    { failing: [crm()] },
    'warning',
    '`https://crm.example` times out since 02:14 UTC; 1,204 deliveries parked, nothing else affected.',
  ],
  [
    { failing: [crm({ parked: 1, lastFailure: 'http_error 503' })] },
    'warning',
    '`https://crm.example` answers 503 since 02:14 UTC; 1 delivery parked, nothing else affected.',
  ],
  [
    { failing: [crm({ sinceMs: NOW - 86_400_000, lastFailure: 'dns', parked: 0 })] },
    'warning',
    '`https://crm.example` cannot be resolved since 2026-11-23 03:00 UTC; nothing else affected.',
  ],
  [
    { failing: [crm(shop), crm()] },
    'warning',
    '2 webhooks fail, the worst: `https://crm.example` times out since 02:14 UTC; 1,207 deliveries parked, nothing else affected.',
  ],
  [
    // One is down; that another one fails now and then is not "nothing".
    { failing: [crm({ ...shop, isOpen: false, failures: 3 }), crm()] },
    'warning',
    '`https://crm.example` times out since 02:14 UTC; 1,204 deliveries parked.',
  ],
  [
    { failing: [crm({ isOpen: false, failures: 3, parked: 0, lastFailure: 'redirect 302' })] },
    'notice',
    '`https://crm.example` redirects (302) since 02:14 UTC; nothing else affected.',
  ],
  [{ failing: [crm({ isOpen: false, failures: 2 })] }, 'ok', 'All is well: nothing fails.'],
  // No worker: what the webhooks do is beside the point.
  [{ ...installed({ workers: 0 }), failing: [crm()] }, 'critical', 'No worker is running.'],
  [
    { paused: { webhooks: 1, parked: 40 } },
    'notice',
    '40 deliveries wait for a webhook that is paused; nothing fails.',
  ],
  [{ paused: { webhooks: 2, parked: 0 } }, 'ok', 'All is well: nothing fails.'],
  [
    installed({ dangers: ['Redis keeps no append-only file'] }),
    'notice',
    'Redis keeps no append-only file.',
  ],
])('%j is %s: %s', (situation, severity, sentence) => {
  const cause = causeOf({ nowMs: NOW, ...installed({}), pending: 0, failing: [], ...situation })
  expect([cause.severity, cause.sentence]).toEqual([severity, sentence])
})

test.each([
  ['connect', 'cannot be connected to'],
  ['tls', 'fails the TLS handshake'],
  ['reset', 'breaks connections off'],
  ['protocol', 'does not answer in HTTP'],
  ['blocked', 'has an address that webhooks may not reach'],
  ['http_error', 'answers with errors'],
  ['constructor', 'fails'],
])('the outcome %s reads "%s"', (lastFailure, words) => {
  const { sentence } = causeOf({ nowMs: NOW, pending: 0, failing: [crm({ lastFailure })] })
  expect(sentence).toContain(`\`https://crm.example\` ${words} since`)
})

test('the webhook is named when it is one, and no path of it: some hold a secret there', () => {
  const one = causeOf({ nowMs: NOW, pending: 0, failing: [crm()] })
  expect([one.webhook, one.sinceMs]).toEqual(['wh_crm', SINCE])
  expect(one.sentence).not.toContain('T0KEN')
  const two = causeOf({ nowMs: NOW, pending: 0, failing: [crm(), crm({ ...shop, sinceMs: 1 })] })
  expect([two.webhook, two.sinceMs]).toEqual([undefined, 1])
})
