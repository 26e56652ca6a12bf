import { expect, test } from 'vitest'
import { LOOKS, Patience } from './patience.ts'
import { type Standing, standingOf } from './standing.ts'

const NOTHING = standingOf('')
const after = (...looks: readonly (readonly [missing: number, Standing | undefined])[]) => {
  const patience = new Patience()
  for (const [missing, standing] of looks) patience.look(missing, standing)
  return patience.isOver
}
const repeated = <T>(times: number, look: T): T[] => Array<T>(times).fill(look)

test('what nothing comes of for two minutes of looks stands still, and not a look earlier', () => {
  expect(after(...repeated(LOOKS, [7, NOTHING] as const))).toBe(false)
  expect(after(...repeated(LOOKS + 1, [7, NOTHING] as const))).toBe(true)
})

test('slow is not still: one that arrives, or one attempt that ends, is enough', () => {
  const still = repeated(LOOKS, [7, NOTHING] as const)
  expect(after(...still, [6, NOTHING], ...repeated(LOOKS - 1, [6, NOTHING] as const))).toBe(false)
  expect(after(...still, [7, { ...NOTHING, attempts: { timeout: 1 } }])).toBe(false)
})

test('a retry is waited for until it is due', () => {
  expect(after(...repeated(10 * LOOKS, [7, { ...NOTHING, retries: 7 }] as const))).toBe(false)
  expect(after(...repeated(LOOKS + 1, [8, { ...NOTHING, retries: 7 }] as const))).toBe(true)
})

test('a worker that says nothing does not move', () => {
  expect(after(...repeated(LOOKS + 1, [7, undefined] as const))).toBe(true)
})
