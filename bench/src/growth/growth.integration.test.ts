import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { GrowthReport } from './document.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
/** Before the test gives up: what it started ends with it. */
const ENDS_WITHIN_MS = 55_000
const tiny = ['--only', 'parked', '--scale', '0.001', '--rounds', '1', '--seconds', '0.2']

test('what is to be held is there when it is measured beside nothing', async () => {
  const within = { timeout: ENDS_WITHIN_MS }
  const args = [main, 'growth', '--json', ...tiny]
  const { stdout } = await promisify(execFile)(process.execPath, args, within)
  const { grown, burst, lists, failures } = JSON.parse(stdout) as GrowthReport
  expect(grown.map(({ name }) => name)).toEqual(['100 parked', '1,000 parked'])
  for (const { lines } of grown) {
    for (const { value } of lines) expect(value.median).toBeGreaterThan(0)
  }
  expect([burst, lists]).toEqual([undefined, undefined])
  expect(failures).toEqual([])
})
