import { expect, test } from 'vitest'
import { LedgerBook } from '../receiver/ledger.ts'
import { ACKNOWLEDGED, check, type Evidence, UNANSWERED } from './checker.ts'

const CLEAN = { lost: [], open: [], duplicates: 0, unexplained: [], wrongDead: [], uncalledFor: [] }

/** Ten events, all acknowledged and delivered once to the only subscriber. */
function undisturbed() {
  const book = new LedgerBook()
  for (let n = 0; n < 10; n++) {
    book.arrived(n, 1_000 + n)
    book.answered(n, 200)
  }
  const subscriber = () => ({ name: 'every', expects: () => true, ledger: book.snapshot() })
  const published = new Uint8Array(10).fill(ACKNOWLEDGED)
  const evidence = (more: Partial<Evidence> = {}): Evidence => ({
    published,
    subscribers: [subscriber()],
    told: [],
    disturbances: [],
    ...more,
  })
  return { book, published, evidence }
}

test('ten events delivered once each are clean', () => {
  const { evidence } = undisturbed()
  expect(check(evidence())).toMatchObject({ events: 10, deliveries: 10, ...CLEAN })
})

test('an event that was answered 202 and never arrived is lost', () => {
  const { evidence } = undisturbed()
  const published = new Uint8Array(11).fill(ACKNOWLEDGED)
  expect(check(evidence({ published })).lost).toEqual(['f-10 at every'])
})

test('an event that arrived but was never answered with 2xx is lost', () => {
  const { book, evidence } = undisturbed()
  book.arrived(10, 2_000)
  book.answered(10, 500)
  const published = new Uint8Array(11).fill(ACKNOWLEDGED)
  expect(check(evidence({ published })).lost).toEqual(['f-10 at every'])
})

test('an event without an answer may be missing, and may arrive', () => {
  const { book, evidence } = undisturbed()
  const published = new Uint8Array(12).fill(ACKNOWLEDGED)
  published.fill(UNANSWERED, 10)
  book.arrived(11, 2_000)
  expect(check(evidence({ published }))).toMatchObject({ events: 10, ...CLEAN })
})

test('what is open is not lost, and is told', () => {
  const { evidence } = undisturbed()
  const published = new Uint8Array(11).fill(ACKNOWLEDGED)
  const told = [{ n: 10, subscriber: 'every', status: 'open' as const }]
  const findings = check(evidence({ published, told }))
  expect(findings).toMatchObject({ lost: [], open: ['f-10 at every: open'], wrongDead: [] })
})

test('a dead letter that nothing calls for is wrong', () => {
  const { evidence } = undisturbed()
  const told = [{ n: 3, subscriber: 'every', status: 'dead' as const, reason: 'exhausted' }]
  expect(check(evidence({ told })).wrongDead).toEqual(['f-3 at every: dead (exhausted)'])
  const mayEnd = ({ reason }: { reason?: string }) => reason === 'exhausted'
  expect(check(evidence({ told, mayEnd })).wrongDead).toEqual([])
})

test('a second request is a duplicate, explained only by a disturbance while the first was in the air', () => {
  const { book, evidence } = undisturbed()
  book.arrived(4, 9_000)
  const UNEXPLAINED = 'f-4 at every (again 7996 ms later)'
  expect(check(evidence())).toMatchObject({ duplicates: 1, unexplained: [UNEXPLAINED] })
  const before = [{ fromMs: 0, untilMs: 1_003 }]
  expect(check(evidence({ disturbances: before })).unexplained).toEqual([
    'f-4 at every (1 ms after a disturbance, again 7996 ms later)',
  ])
  const meanwhile = [{ fromMs: 1_004, untilMs: 1_004 }]
  expect(check(evidence({ disturbances: meanwhile })).unexplained).toEqual([])
})

test('a request that a refusal asked for is no duplicate; one more is', () => {
  const { book, evidence } = undisturbed()
  const published = new Uint8Array(11).fill(ACKNOWLEDGED)
  book.arrived(10, 2_000)
  book.answered(10, 500)
  book.arrived(10, 3_000)
  book.answered(10, 200)
  expect(check(evidence({ published })).duplicates).toBe(0)
  book.arrived(10, 4_000)
  expect(check(evidence({ published })).duplicates).toBe(1)
})

test('what Redis itself forgot is counted apart, not as lost by Posthorn', () => {
  const { evidence } = undisturbed()
  const published = new Uint8Array(12).fill(ACKNOWLEDGED)
  const findings = check(evidence({ published, forgotten: new Set([11]) }))
  expect(findings).toMatchObject({ lost: ['f-10 at every'], forgottenByRedis: 1 })
})

test('an event at a subscriber that did not ask for it, or that nobody published, is uncalled for', () => {
  const { book, evidence } = undisturbed()
  book.arrived(99, 2_000)
  book.stranger('evt_1')
  expect(check(evidence()).uncalledFor).toEqual(['evt_1 at every', 'f-99 at every'])
  const all = evidence()
  const picky = { ...all.subscribers[0], name: 'odd', expects: (n: number) => n % 2 === 1 }
  const subscribers = [picky as Evidence['subscribers'][0]]
  expect(check({ ...all, subscribers }).uncalledFor).toContain('f-4 at odd')
})
