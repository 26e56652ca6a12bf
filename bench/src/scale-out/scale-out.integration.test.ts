import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { ScaleOutReport } from './result.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
/** Before the test gives up: what it started ends with it. */
const ENDS_WITHIN_MS = 55_000
const tiny = ['--workers', '1,2', '--fan-out', '1,5', '--rounds', '1', '--seconds', '0.2']

test('several workers deliver nothing twice, and a model comes of it', async () => {
  const args = ['scale-out', '--json', '--scale', '0.02', ...tiny]
  const within = { timeout: ENDS_WITHIN_MS }
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], within)
  const report = JSON.parse(stdout) as ScaleOutReport
  expect(report.workers.map(({ workers, duplicates }) => [workers, duplicates])).toEqual([
    [1, 0],
    [2, 0],
  ])
  for (const { deliveriesPerSecond } of report.workers) {
    expect(deliveriesPerSecond.median).toBeGreaterThan(0)
  }
  expect(report.points.filter(({ fitted }) => !fitted).length).toBeGreaterThan(0)
  expect(report.cpu.worker.perEvent + report.cpu.worker.perDelivery).toBeGreaterThan(0)
})
