import { type TimeSpent, topOf } from './spent.ts'

const TOP = 10

/**
 * Redis' own time by command, from `INFO commandstats`, as shares of its CPU. EVALSHA holds what its
 * scripts call, which is counted by its own name, too. What is left is the network, parsing and the AOF.
 */
export function commandShares(info: string, cpuMs: number): TimeSpent {
  const usByCommand = new Map<string, number>()
  for (const [, name = '', us] of info.matchAll(/^cmdstat_([^:]+):calls=\d+,usec=(\d+)/gm)) {
    usByCommand.set(name.toUpperCase().replace('|', ' '), Number(us))
  }
  return {
    process: 'Redis, by command (EVALSHA with what its scripts call)',
    areas: topOf(usByCommand, cpuMs * 1_000, TOP),
    ...{ functions: [], onBehalfOf: [] },
  }
}
