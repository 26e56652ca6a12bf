import type { Webhook } from 'posthorn'
import { describe, expect, it } from 'vitest'
import { EMPTY_FORM, formOf, inputOf, patchOf } from './form.ts'

const WEBHOOK: Webhook = {
  id: 'wh_1',
  tenant: 'acme',
  url: 'https://example.com/hook',
  eventTypes: ['user.*', 'order.paid'],
  enabled: true,
  paused: false,
  circuit: { state: 'closed' },
  headers: { 'x-key': '***' },
  rateLimit: { limit: 10, periodSeconds: 60 },
  retryPolicy: { type: 'schedule', delaysSeconds: [5, 0.5], jitter: 0.1 },
  ordered: true,
  metadata: {},
  propagateTrace: false,
  format: 'standard',
  signature: 'v1',
  createdAt: '2026-11-24T00:00:00.000Z',
  updatedAt: '2026-11-24T00:00:00.000Z',
}

describe('the form of a webhook', () => {
  it('saved unchanged changes nothing: every setting goes back as it came', () => {
    expect(patchOf(formOf(WEBHOOK))).toEqual({
      url: WEBHOOK.url,
      eventTypes: WEBHOOK.eventTypes,
      name: null,
      description: null,
      headers: { 'x-key': '***' },
      timeoutMs: null,
      rateLimit: WEBHOOK.rateLimit,
      maxConcurrency: null,
      ordered: true,
      retryPolicy: WEBHOOK.retryPolicy,
    })
  })

  it('of a new one sends what was typed, and no defaults', () => {
    const form = { ...EMPTY_FORM, url: ' https://example.com ', eventTypes: 'a, b\nc', tenant: 't' }
    expect(inputOf(form)).toEqual({
      url: 'https://example.com',
      eventTypes: ['a', 'b', 'c'],
      headers: {},
      ordered: false,
      tenant: 't',
    })
  })

  it('reads one header a line, with colons in its value', () => {
    const form = { ...EMPTY_FORM, headers: 'Authorization: Bearer a:b\n\nx-y:z' }
    expect(patchOf(form).headers).toEqual({ Authorization: 'Bearer a:b', 'x-y': 'z' })
  })
})
