import { describe, expect, it } from 'vitest'
import {
  disabled,
  enabled,
  gone,
  hopeless,
  liveSecrets,
  overlapEnds,
  paused,
  rotated,
} from './change.ts'
import type { StoredWebhook } from './webhook.ts'

const webhook: StoredWebhook = {
  id: 'wh_1',
  tenant: 'acme',
  url: 'https://example.com/',
  eventTypes: ['*'],
  enabled: true,
  paused: false,
  headers: {},
  secrets: [{ value: 's1', createdAt: 1 }],
  createdAt: 1,
  updatedAt: 1,
  createdVersion: 1,
  updatedVersion: 1,
}

describe('disabling', () => {
  const off = { ...webhook, ...disabled('gone', 5)(webhook) }

  it('keeps its reason until it is enabled, which forgets it', () => {
    expect(off).toMatchObject({ enabled: false, disabledReason: 'gone', updatedAt: 5 })
    const on = enabled(6)(off)
    expect(on).toMatchObject({ enabled: true, updatedAt: 6 })
    expect(on).not.toHaveProperty('disabledReason')
  })

  it('again changes nothing, unless it says another reason', () => {
    expect(disabled('gone', 6)(off)).toBe(off)
    expect(disabled(undefined, 6)(off)).toBe(off)
    expect(disabled('other', 6)(off)).toMatchObject({ disabledReason: 'other' })
  })
})

describe('a 410', () => {
  const off = { ...webhook, ...gone(5, 7)(webhook) }
  const onAgain = { ...off, ...enabled(9)(off) }

  it('disables, and says why', () => {
    expect(off).toMatchObject({ enabled: false, updatedAt: 7 })
    expect(off.disabledReason).toContain('410')
  })

  it('that is told again disables nothing that was enabled since', () => {
    expect(gone(5, 10)(onAgain)).toBe(onAgain)
    expect(gone(9, 10)(onAgain)).toMatchObject({ enabled: false })
  })

  it('leaves a webhook as it is that is disabled already', () => {
    const byHand = { ...webhook, ...disabled('moved', 4)(webhook) }
    expect(gone(5, 7)(byHand)).toBe(byHand)
  })
})

describe('days without a delivery', () => {
  const off = { ...webhook, ...hopeless(5, 'nothing delivered', 7)(webhook) }

  it('disable, and say why', () => {
    expect(off).toMatchObject({ enabled: false, disabledReason: 'nothing delivered', updatedAt: 7 })
  })

  it('disable nothing that was enabled since they began', () => {
    const onAgain = { ...off, ...enabled(9)(off) }
    expect(hopeless(5, 'nothing delivered', 10)(onAgain)).toBe(onAgain)
    expect(hopeless(9, 'nothing delivered', 10)(onAgain)).toMatchObject({ enabled: false })
  })
})

it('a webhook knows when it was resumed: what waited until then was not late', () => {
  const waiting = { ...webhook, ...paused(true, 5)(webhook) }
  expect(waiting).not.toHaveProperty('resumedAt')
  expect(paused(false, 9)(waiting)).toMatchObject({ paused: false, resumedAt: 9 })
})

it('what is so already is not written again', () => {
  expect(enabled(5)(webhook)).toBe(webhook)
  expect(paused(false, 5)(webhook)).toBe(webhook)
  expect(paused(true, 5)(webhook)).toMatchObject({ paused: true, updatedAt: 5 })
})

describe('rotation', () => {
  const rotate = (from: StoredWebhook, value: string, overlapMs: number, nowMs: number) => ({
    ...from,
    ...rotated(value, overlapMs, nowMs)(from),
  })
  const valuesAt = (of: StoredWebhook, nowMs: number) =>
    liveSecrets(of, nowMs).map(({ value }) => value)

  it('lets the old secret sign until its overlap ends, each by its own', () => {
    const once = rotate(webhook, 's2', 100, 10)
    const twice = rotate(once, 's3', 1_000, 20)
    expect(valuesAt(twice, 20)).toEqual(['s3', 's2', 's1'])
    expect(valuesAt(twice, 109)).toEqual(['s3', 's2', 's1'])
    expect(valuesAt(twice, 110)).toEqual(['s3', 's2'])
    expect(valuesAt(twice, 1_020)).toEqual(['s3'])
  })

  it('without overlap ends the old secret at once, and drops what has ended', () => {
    const now = rotate(rotate(webhook, 's2', 100, 10), 's3', 0, 200)
    expect(now.secrets).toEqual([{ value: 's3', createdAt: 200 }])
  })
  it('that is repeated with the newest secret makes an overlap shorter, never longer', () => {
    const both = rotate(webhook, 's2', 100, 10)
    const shortened = (overlapMs: number) => ({ ...both, ...overlapEnds(overlapMs, 20)(both) })
    expect(valuesAt(shortened(0), 20)).toEqual(['s2'])
    expect(valuesAt(shortened(50), 69)).toEqual(['s2', 's1'])
    expect(valuesAt(shortened(50), 70)).toEqual(['s2'])
    expect(valuesAt(shortened(1_000), 110)).toEqual(['s2'])
  })
})
