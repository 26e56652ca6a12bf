import { writeFileSync } from 'node:fs'
import { surroundings } from '../report/surroundings.ts'
import { type StatisticsReport, statisticsDocument } from './document.ts'
import { measureStatistics } from './measure.ts'

const STATISTICS = new URL('../../../docs/statistics.md', import.meta.url)

/** @returns what is to be printed */
export async function statistics({
  json,
  write,
}: {
  readonly json: boolean
  readonly write: boolean
}): Promise<string> {
  const report: StatisticsReport = { ...(await surroundings()), cases: await measureStatistics() }
  if (write) writeFileSync(STATISTICS, statisticsDocument(report))
  return json ? JSON.stringify(report, null, 2) : statisticsDocument(report)
}
