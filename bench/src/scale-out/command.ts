import { writeFileSync } from 'node:fs'
import { surroundings } from '../report/surroundings.ts'
import { capacityDocument } from './document.ts'
import { measureScaleOut, type ScaleOutOptions } from './measure.ts'
import type { ScaleOutReport } from './result.ts'
import { summariseScaleOut } from './summarise.ts'

const CAPACITY = new URL('../../../docs/capacity.md', import.meta.url)

/** @returns what is to be printed */
export async function scaleOut(
  options: ScaleOutOptions,
  { json, write }: { readonly json: boolean; readonly write: boolean },
): Promise<string> {
  const result = await measureScaleOut(options)
  const { bytes, rounds } = options
  const report: ScaleOutReport = {
    ...(await surroundings()),
    ...{ bytes, rounds },
    ...summariseScaleOut(result, options),
  }
  if (report.workers.some(({ duplicates }) => duplicates > 0)) process.exitCode = 1
  if (write) writeFileSync(CAPACITY, capacityDocument(report))
  return json ? JSON.stringify(report, null, 2) : capacityDocument(report)
}
