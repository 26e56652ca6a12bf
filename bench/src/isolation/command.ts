import { writeFileSync } from 'node:fs'
import { surroundings } from '../report/surroundings.ts'
import { type IsolationReport, isolationDocument } from './document.ts'
import { judge } from './judge.ts'
import { type IsolationOptions, measureIsolation } from './measure.ts'

const ISOLATION = new URL('../../../docs/isolation.md', import.meta.url)

/** @returns what is to be printed */
export async function isolation(
  options: IsolationOptions,
  { json, write }: { readonly json: boolean; readonly write: boolean },
): Promise<string> {
  const webhooks = judge(await measureIsolation(options))
  const { bytes, rounds, forMs } = options
  const report: IsolationReport = {
    ...(await surroundings()),
    ...{ bytes, rounds, seconds: forMs / 1_000, webhooks },
  }
  if (write) writeFileSync(ISOLATION, isolationDocument(report))
  if (webhooks.some(({ isIsolated }) => !isIsolated)) process.exitCode = 1
  return json ? JSON.stringify(report, null, 2) : isolationDocument(report)
}
