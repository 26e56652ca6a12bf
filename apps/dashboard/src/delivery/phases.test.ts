import { describe, expect, it } from 'vitest'
import { barsOf } from './phases.ts'

describe('the waterfall of an attempt', () => {
  it('shows the parts one after the other, as shares of the whole', () => {
    const bars = barsOf(
      { dnsMs: 10, connectMs: 20, firstByteMs: 60, bodyMs: 10, reused: false },
      100,
    )
    expect(
      bars.map(({ name, startPercent, widthPercent }) => [name, startPercent, widthPercent]),
    ).toEqual([
      ['DNS', 0, 10],
      ['Connect', 10, 20],
      ['Wait for answer', 30, 60],
      ['Body', 90, 10],
    ])
  })

  it('names what passed before it was sent, unless it was not sent at all', () => {
    const bars = barsOf({ firstByteMs: 12.7, bodyMs: 0, reused: true }, 76)
    expect(bars[0]).toMatchObject({ name: 'Wait to be sent', ms: 63, startPercent: 0 })
    const unsent = barsOf({ dnsMs: 1, connectMs: 4, reused: false }, 15_000)
    expect(unsent.map(({ name }) => name)).toEqual(['DNS', 'Connect'])
  })

  it('shows a part that took no time, and none that did not happen', () => {
    const bars = barsOf({ firstByteMs: 5, bodyMs: 0, reused: true }, 5)
    expect(bars.map(({ name }) => name)).toEqual(['Wait for answer', 'Body'])
    expect(bars[1]?.widthPercent).toBeGreaterThan(0)
  })
})
