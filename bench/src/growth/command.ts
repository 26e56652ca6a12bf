import { writeFileSync } from 'node:fs'
import { surroundings } from '../report/surroundings.ts'
import { type GrowthReport, growthDocument } from './document.ts'
import type { GrowthOptions } from './ground.ts'
import { measureGrowth } from './measure.ts'

const GROWTH = new URL('../../../docs/growth.md', import.meta.url)

/** @returns what is to be printed */
export async function growth(
  options: GrowthOptions,
  { json, write }: { readonly json: boolean; readonly write: boolean },
): Promise<string> {
  const { bytes, rounds, measuredMs } = options
  const report: GrowthReport = {
    ...(await surroundings()),
    ...{ bytes, rounds, seconds: measuredMs / 1_000 },
    ...(await measureGrowth(options)),
  }
  if (report.failures.length > 0) process.exitCode = 1
  if (write) writeFileSync(GROWTH, growthDocument(report))
  return json ? JSON.stringify(report, null, 2) : growthDocument(report)
}
