import { describe, expect, test } from 'vitest'
import {
  type Circuit,
  type CircuitReport,
  type CircuitRules,
  isHopeless,
  judge,
  probeFailed,
} from './circuit.ts'

const rules: CircuitRules = { enabled: true, failures: 20, probeMs: 5_000, maxProbeMs: 60_000 }
const names = (count: number) => Array.from({ length: count }, (_, i) => `d${i}`)

const report = (failures: number, extra: Partial<CircuitReport> = {}): CircuitReport => ({
  failures,
  firstFailureMs: 10_000,
  deliveries: names(5),
  lastFailure: 'timeout',
  ...extra,
})

const row = (failures: number, extra: Partial<Circuit> = {}): Circuit => ({
  state: 'closed',
  failingSinceMs: 1_000,
  failures,
  deliveries: names(5),
  lastFailure: 'timeout',
  ...extra,
})

const open = (failedProbes = 0): Circuit =>
  row(20, { state: 'open', open: { sinceMs: 5_000, probeAtMs: 10_000, failedProbes } })

describe('a circuit', () => {
  test.each<[string, Circuit | undefined, CircuitReport, Circuit['state'] | undefined]>([
    ['opens with the 20th failure in a row', row(19), report(1), 'open'],
    ['stays closed at the 19th', row(18), report(1), 'closed'],
    ['opens by one report alone', undefined, report(20, { firstFailureMs: 6_000 }), 'open'],
    [
      'stays closed over 4 deliveries',
      row(99, { deliveries: names(4) }),
      report(1, { deliveries: ['d0'] }),
      'closed',
    ],
    [
      'opens with the 5th delivery',
      row(99, { deliveries: names(4) }),
      report(1, { deliveries: ['d9'] }),
      'open',
    ],
    [
      'stays closed while the row is younger than 3 s',
      row(99, { failingSinceMs: 7_001 }),
      report(1),
      'closed',
    ],
    ['forgets a row that a success broke', row(19), report(0, { okMs: 1_000 }), undefined],
    ['counts anew after a success', row(19), report(1, { okMs: 5_000 }), 'closed'],
    ['is not healed by a success before the row', row(19), report(1, { okMs: 999 }), 'open'],
    ['has nothing to remember without failures', undefined, report(0, { okMs: 1 }), undefined],
    ['that is open closes with any success since', open(), report(0, { okMs: 5_000 }), undefined],
    ['that is open stays so for what succeeded before', open(), report(0, { okMs: 4_999 }), 'open'],
    ['that is open stays so whatever else fails', open(), report(50), 'open'],
  ])('%s', (_name, before, seen, state) => {
    expect(judge(before, seen, rules, 10_000)?.state).toBe(state)
  })

  test('that opens says since when, and when it is probed', () => {
    expect(judge(row(19), report(1), rules, 10_000)?.open).toEqual({
      sinceMs: 10_000,
      probeAtMs: 15_000,
      failedProbes: 0,
    })
  })

  test('counts a row over several reports and knows its beginning', () => {
    const first = judge(undefined, report(3, { firstFailureMs: 2_000 }), rules, 10_000)
    const second = judge(first, report(4, { lastFailure: 'http_error 503' }), rules, 10_000)
    expect(second).toMatchObject({
      failures: 7,
      failingSinceMs: 2_000,
      lastFailure: 'http_error 503',
    })
  })

  test('counts no failure that was in the air when it opened', () => {
    expect(judge(open(), report(50), rules, 10_000)).toEqual(open())
  })

  test('that is switched off never opens, and closes if it was open', () => {
    const off = { ...rules, enabled: false }
    expect(judge(row(99), report(1), off, 10_000)?.state).toBe('closed')
    expect(judge(open(), report(1), off, 10_000)).toEqual(row(20))
  })

  test.each([
    [0, 10_000],
    [1, 20_000],
    [2, 40_000],
    [3, 60_000],
    [1_000, 60_000],
  ])(
    'after %i failed probes and one more waits %i ms, never longer than its bound',
    (before, waitMs) => {
      const after = probeFailed(open(before), 'connect', rules, 100_000)
      expect(after?.open).toEqual({
        sinceMs: 5_000,
        probeAtMs: 100_000 + waitMs,
        failedProbes: before + 1,
      })
      expect(after?.lastFailure).toBe('connect')
    },
  )

  test('that is closed does not mind a late probe', () => {
    expect(probeFailed(undefined, 'connect', rules, 1)).toBeUndefined()
    expect(probeFailed(row(3), 'connect', rules, 1)).toEqual(row(3))
  })
})

const DAY = 86_400_000
test.each<[string, Partial<Circuit>, number, number, boolean]>([
  ['failing for long enough', {}, 0, 5 * DAY, true],
  ['one millisecond short', {}, 0, 5 * DAY + 1, false],
  ['paused or disabled until a moment ago', {}, 1_001, 5 * DAY, false],
  ['too few failures', { failures: 19 }, 0, 5 * DAY, false],
  ['too few deliveries', { deliveries: names(4) }, 0, 5 * DAY, false],
  ['never to be given up', {}, 0, 0, false],
])(
  'a webhook is given up only after days without one success: %s',
  (_name, change, active, giveUpMs, gone) => {
    const circuit = row(20, change)
    expect(isHopeless(circuit, active, giveUpMs, rules, 1_000 + 5 * DAY)).toBe(gone)
  },
)
