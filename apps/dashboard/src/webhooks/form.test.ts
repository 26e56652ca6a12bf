import type { Webhook } from 'posthorn'
import { describe, expect, it } from 'vitest'
import { EMPTY_FORM, formOf } from './form.ts'
import { inputOf, patchOf } from './form-input.ts'

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
  circuitBreaker: { failures: 40 },
  ordered: true,
  metadata: { team: 'two\nlines' },
  propagateTrace: true,
  format: 'cloudevents',
  signature: {
    header: 'x-hub',
    algorithm: 'sha512',
    encoding: 'hex',
    prefix: 'a=',
    signs: '{body}',
  },
  filter: { order: { total: { $gte: 100 } } },
  createdAt: '2026-11-24T00:00:00.000Z',
  updatedAt: '2026-11-24T00:00:00.000Z',
}

describe('the form of a webhook', () => {
  it('holds every setting: what goes back is as it came', () => {
    const { id, tenant, enabled, paused, circuit, createdAt, updatedAt, ...settings } = WEBHOOK
    const unset = { name: null, description: null, timeoutMs: null, maxConcurrency: null }
    expect(patchOf(formOf(WEBHOOK))).toEqual({ ...settings, ...unset })
  })

  it('saved unchanged sends nothing, and changed no more than that', () => {
    const before = formOf(WEBHOOK)
    expect(patchOf(before, before)).toEqual({})
    expect(patchOf({ ...before, ordered: false, filter: '' }, before)).toEqual({
      ordered: null,
      filter: null,
    })
  })

  it.each([
    [
      { retry: 'default', rateLimit: '' },
      { retryPolicy: null, rateLimit: null },
    ],
    [{ circuit: 'off' }, { circuitBreaker: { enabled: false, failures: 40 } }],
    [{ circuitFailures: '' }, { circuitBreaker: null }],
    [
      { signature: 'v1', format: 'standard' },
      { signature: null, format: null },
    ],
    [{ signature: 'v1a' }, { signature: 'v1a' }],
  ] as const)('changed by %j sends %j', (change, patch) => {
    const before = formOf(WEBHOOK)
    expect(patchOf({ ...before, ...change }, before)).toEqual(patch)
  })

  it('of a new one sends what was typed, and no defaults', () => {
    const form = { ...EMPTY_FORM, url: ' https://example.com ', eventTypes: 'a, b\nc', tenant: 't' }
    expect(JSON.parse(JSON.stringify(inputOf(form)))).toEqual({
      url: 'https://example.com',
      eventTypes: ['a', 'b', 'c'],
      headers: {},
      tenant: 't',
    })
  })

  it('reads one header a line, with colons in its value', () => {
    const form = { ...EMPTY_FORM, headers: 'Authorization: Bearer a:b\n\nx-y:z' }
    expect(patchOf(form).headers).toEqual({ Authorization: 'Bearer a:b', 'x-y': 'z' })
  })

  it('sends what is no number as it was typed, for the API to refuse: never as a default', () => {
    expect(patchOf({ ...EMPTY_FORM, timeoutMs: '5s' }).timeoutMs).toBe('5s')
  })

  it('says where a text is not JSON, as the API would', () => {
    const errors = [{ path: 'filter', message: expect.stringContaining('JSON') }]
    expect(() => inputOf({ ...EMPTY_FORM, filter: '{a' })).toThrow(
      expect.objectContaining({ errors }),
    )
  })
})
