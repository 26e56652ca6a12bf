import { beforeEach, expect, test } from 'vitest'
import type { Entry } from './accept.ts'
import type { LinedUp, Stamped } from './line-up.ts'
import { Turns } from './turns.ts'
import type { Stamps } from './write.ts'

const ORDERED: Stamps = new Map([
  ['a', { version: 'e.1', ordered: 'wh_1,' }],
  ['b', { version: 'e.1', ordered: 'wh_2,' }],
])
const UNORDERED: Stamps = new Map([['a', { version: 'e.1', ordered: '' }]])

let written: string[][] = []
let write: (events: readonly Stamped[]) => Promise<LinedUp>
let turns: Turns

beforeEach(() => {
  written = []
  write = async (events) => {
    written.push(events.map(({ record }) => record.id))
    return new Map(events.map(({ record }) => [record, ['wh_1']]))
  }
  turns = new Turns((events) => write(events))
})

function entered(id: string, tenant = 'a'): Entry {
  const entry = { record: { id, tenant } } as Entry
  turns.enter(entry)
  return entry
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

test('who is ready first waits for who came first', async () => {
  const [first, second, third] = [entered('1'), entered('2'), entered('3')]
  const later = turns.take([second, third], ORDERED)
  await settled()
  expect(written).toEqual([])
  expect((await turns.take([first], ORDERED)).get(first.record)).toEqual(['wh_1'])
  await later
  expect(written.flat()).toEqual(['1', '2', '3'])
})

test('groups that lie between each other are told when all of theirs have places', async () => {
  const [one, two, three, four] = ['1', '2', '3', '4'].map((id) => entered(id)) as Entry[]
  const odd = turns.take([one, three] as Entry[], ORDERED)
  const even = turns.take([two, four] as Entry[], ORDERED)
  expect((await odd).size).toBe(2)
  expect((await even).size).toBe(2)
  expect(written.flat()).toEqual(['1', '2', '3', '4'])
})

test.each(['passes', 'finds its tenant unordered'])('who %s holds up nobody', async (how) => {
  const [first, second] = [entered('1'), entered('2')]
  const later = turns.take([second], ORDERED)
  if (how === 'passes') turns.pass([first])
  else expect((await turns.take([first], UNORDERED)).size).toBe(0)
  await later
  expect(written).toEqual([['2']])
})

test('another tenant is not waited for', async () => {
  entered('1', 'a')
  await turns.take([entered('2', 'b')], ORDERED)
  expect(written).toEqual([['2']])
})

test('a write that fails fails its own events, and those behind it go on', async () => {
  const [first, second] = [entered('1'), entered('2')]
  const works = write
  write = () => Promise.reject(new Error('away'))
  await expect(turns.take([first], ORDERED)).rejects.toThrow('away')
  write = works
  await turns.take([second], ORDERED)
  expect(written).toEqual([['2']])
})

test('a write that is under way is waited for', async () => {
  const [first, second] = [entered('1'), entered('2')]
  const { promise, resolve } = Promise.withResolvers<void>()
  const works = write
  write = async (events) => {
    if (written.length === 0) await promise
    return works(events)
  }
  const both = Promise.all([turns.take([first], ORDERED), turns.take([second], ORDERED)])
  await settled()
  expect(written).toEqual([])
  resolve()
  await both
  expect(written).toEqual([['1'], ['2']])
})
