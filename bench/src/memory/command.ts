import { writeFileSync } from 'node:fs'
import { surroundings } from '../report/surroundings.ts'
import { AT_MOST_BYTES_PER_HOUR, type MemoryReport, memoryDocument } from './document.ts'
import { type MemoryOptions, measureMemory, WEBHOOKS } from './measure.ts'
import { slopesOf } from './slope.ts'

const MEMORY = new URL('../../../docs/memory.md', import.meta.url)

/** @returns what is to be printed */
export async function memory(
  options: MemoryOptions,
  { json, write }: { readonly json: boolean; readonly write: boolean },
): Promise<string> {
  const measured = await measureMemory(options)
  const slopes = slopesOf(measured.points)
  const { bytes, scale } = options
  const webhooks = Math.ceil(WEBHOOKS * scale)
  const report: MemoryReport = { ...(await surroundings()), bytes, webhooks, ...measured, slopes }
  if (write) writeFileSync(MEMORY, memoryDocument(report))
  const steepest = Math.max(slopes.api.all, slopes.worker.all)
  if (steepest > AT_MOST_BYTES_PER_HOUR) process.exitCode = 1
  return json ? JSON.stringify(report, null, 2) : memoryDocument(report)
}
