import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { table } from './table.ts'

/**
 * What was tried to make it faster, from `bench/tried.json`: entries in the order in which they were
 * tried, each with the figure that decided, measured before and after in one run.
 */
const entry = z.strictObject({
  what: z.string(),
  kept: z.boolean(),
  before: z.number(),
  after: z.number(),
  /** Of both, with what was measured: `deliveries/s at fan-out 5`. */
  unit: z.string(),
  commit: z.string().optional(),
  /** Why it was kept or dropped, where the figures alone do not say. */
  why: z.string().optional(),
})
export type Tried = z.infer<typeof entry>

const FILE = new URL('../../tried.json', import.meta.url)

/** @throws ZodError for an entry that is not as it should be */
export const readTried = (): Tried[] => z.array(entry).parse(JSON.parse(readFileSync(FILE, 'utf8')))

export const triedTable = (all: readonly Tried[]): string =>
  table(
    ['what', 'is', 'before', 'after', 'of', 'change', 'commit'],
    all.map(({ what, kept, before, after, unit, commit = '–', why }) => [
      why === undefined ? what : `${what}: ${why}`,
      kept ? 'kept' : 'dropped',
      ...[before, after].map((value) => value.toLocaleString('en-US')),
      unit,
      `${after >= before ? '+' : '−'}${Math.abs((after / before - 1) * 100).toFixed(0)} %`,
      commit,
    ]),
  )
