import { expect, test } from 'vitest'
import { failuresOf } from './fault.ts'
import { MATRIX } from './matrix.ts'

// A small part of the matrix with a fixed seed; `npm run test:faults` runs all of it.

const SEED = 7
const WITHIN_MS = 120_000

const sliced = MATRIX.flatMap(({ name, what, slice, run }) =>
  slice ? [{ name, what, slice, run }] : [],
)

test.each(sliced)(
  '$what: nothing acknowledged is lost, every duplicate was in the air',
  async (fault) => {
    const outcome = await fault.run(fault.slice, SEED)
    expect(failuresOf(outcome), outcome.notes.join('\n')).toEqual([])
    expect(outcome.events).toBeGreaterThanOrEqual(fault.slice.events)
    expect(outcome.runs).toBeGreaterThanOrEqual(1)
  },
  WITHIN_MS,
)
