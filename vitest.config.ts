import { defineConfig } from 'vitest/config'
import { reportSkipped } from './scripts/checks/skipped.ts'

const SECOND_MS = 1_000
const reportFile = process.env.POSTHORN_TEST_REPORT

const integrationTests = [
  '{apps,packages}/*/src/**/*.integration.test.ts',
  'bench/src/**/*.integration.test.ts',
  '{scripts,examples}/**/*.integration.test.ts',
  'tests/**/*.test.ts',
]

export default defineConfig({
  test: {
    // `npm test` reads the counts from the file.
    reporters: ['default', reportSkipped, ...(reportFile ? ['json'] : [])],
    ...(reportFile && { outputFile: { json: reportFile } }),
    teardownTimeout: 20 * SECOND_MS,
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{apps,packages}/*/src/**/*.test.ts',
            '{scripts,examples}/**/*.test.ts',
            'bench/src/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/*.integration.test.ts'],
          sequence: { groupOrder: 0 },
          // Properties run thousands of cases: 5 s were not enough on a busy machine.
          testTimeout: 30 * SECOND_MS,
        },
      },
      {
        test: {
          name: 'integration',
          include: integrationTests,
          exclude: ['**/node_modules/**'],
          // One Redis for the whole run; tests keep apart by namespace.
          globalSetup: ['packages/shared/src/testing/global-setup.ts'],
          // These tests start real processes and measure real time, on machines of two cores: more
          // than two files at once would measure each other.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 60 * SECOND_MS,
          hookTimeout: 60 * SECOND_MS,
        },
      },
    ],
  },
})
