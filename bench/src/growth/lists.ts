import type { Posthorn } from '../posthorn/system.ts'
import { type Ground, withInstallation } from './ground.ts'
import { judgeList } from './judge.ts'
import { keep } from './kept.ts'
import { callsFor, type ListCall } from './list-calls.ts'
import { p95Of } from './percentile.ts'
import type { Lists } from './result.ts'
import { count } from './sizes.ts'

const CALLS_OF_EACH = 60
const UNCOUNTED = 3
/** At zero the history has a page or two. */
const KEPT_AT_ZERO = 1_000

/** What lists take with a long history, beside the same ones with a short one. */
export const measureLists = (ground: Ground): Promise<Lists> =>
  withInstallation(ground, 'posthorn-short-history', (short) =>
    withInstallation(ground, 'posthorn-long-history', async (long) => {
      const { options, sizes } = ground
      const atZero = await keep(ground, short, Math.min(KEPT_AT_ZERO, sizes.kept))
      const grown = await keep(ground, long, sizes.kept)
      const [zeroCalls, grownCalls] = [callsFor(atZero), callsFor(grown)]
      const lines = []
      for (const [i, call] of grownCalls.entries()) {
        const [zeroP95Ms, p95Ms] = await p95OfBoth(
          { system: short, call: zeroCalls[i] as ListCall },
          { system: long, call },
        )
        lines.push({ call: call.name, zeroP95Ms, p95Ms, verdict: judgeList(zeroP95Ms, p95Ms) })
        options.progress(`${call.name}: ${zeroP95Ms.toFixed(1)} ms, ${p95Ms.toFixed(1)} ms`)
      }
      options.progress(`lists with ${count(grown.attempts)} attempts kept`)
      return { kept: grown.attempts, lines, seeded: grown.seeded }
    }),
  )

/** Both in turns, so that what the machine does meanwhile slows both. */
async function p95OfBoth(
  one: { readonly system: Posthorn; readonly call: ListCall },
  other: { readonly system: Posthorn; readonly call: ListCall },
): Promise<[number, number]> {
  const tookMs: [number[], number[]] = [[], []]
  for (let i = -UNCOUNTED; i < CALLS_OF_EACH; i++) {
    for (const [at, { system, call }] of [one, other].entries()) {
      const beganMs = performance.now()
      await system.client.call(200, 'GET', call.path)
      if (i >= 0) tookMs[at]?.push(performance.now() - beganMs)
    }
  }
  return [p95Of(tookMs[0]), p95Of(tookMs[1])]
}
