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
        const zeroP95Ms = await p95OfCall(short, zeroCalls[i] as ListCall)
        const p95Ms = await p95OfCall(long, call)
        lines.push({ call: call.name, zeroP95Ms, p95Ms, verdict: judgeList(zeroP95Ms, p95Ms) })
        options.progress(`${call.name}: ${zeroP95Ms.toFixed(1)} ms, ${p95Ms.toFixed(1)} ms`)
      }
      options.progress(`lists with ${count(grown.attempts)} attempts kept`)
      return { kept: grown.attempts, lines, seeded: grown.seeded }
    }),
  )

async function p95OfCall({ client }: Posthorn, { path }: ListCall): Promise<number> {
  const tookMs: number[] = []
  for (let i = -UNCOUNTED; i < CALLS_OF_EACH; i++) {
    const beganMs = performance.now()
    await client.call(200, 'GET', path)
    if (i >= 0) tookMs.push(performance.now() - beganMs)
  }
  return p95Of(tookMs)
}
