import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { summary, vitestCounts } from './results.mjs'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-report-'))
  file = join(folder, 'report.json')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function report(fields: object): void {
  const empty = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 }
  writeFileSync(file, JSON.stringify({ ...empty, testResults: [], ...fields }))
}

test('passed, failed and skipped tests are counted', () => {
  report({ numPassedTests: 7, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 })
  expect(vitestCounts(file, false)).toEqual({ passed: 7, failed: 2, skipped: 2 })
})

test('a file that could not be loaded counts as a failure', () => {
  const broken = { status: 'failed', assertionResults: [] }
  const failing = { status: 'failed', assertionResults: [{ status: 'failed' }] }
  report({ numPassedTests: 7, numFailedTests: 1, testResults: [broken, failing] })
  expect(vitestCounts(file, false)).toMatchObject({ failed: 2 })
})

test('an exit code that says failed is believed even when no test failed', () => {
  report({ numPassedTests: 7 })
  expect(vitestCounts(file, false)).toMatchObject({ passed: 7, failed: 1 })
  expect(vitestCounts(file, true)).toMatchObject({ passed: 7, failed: 0 })
})

test('no report at all is a failure', () => {
  expect(vitestCounts(join(folder, 'absent.json'), true)).toEqual({
    passed: 0,
    failed: 1,
    skipped: 0,
  })
})

test('the closing line names skipped tests only when there are some', () => {
  expect(summary({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed')
  expect(summary({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped')
})
