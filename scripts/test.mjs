// npm test, npm run check and CI: everything in one command, on Node ≥ 20 with no package installed.
//
//   packages ─▶ dashboard ─▶ Redis, Prometheus, Chromium, in CI Helm ─▶ format, lint, types, boundaries, dead code, docs ─▶ tests ─▶ N passed, N failed
//
// Every check runs, also after one has failed; what failed is named again at the end. With arguments
// (npm test -- apps/api) only the tests that match them run.
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findBrowser, NO_BROWSER } from './browser/find.mjs'
import { checks } from './checks/checks.mjs'
import { summary, vitestCounts } from './checks/results.mjs'
import { buildDashboard } from './dashboard/build.mjs'
import { findHelm } from './helm/find.mjs'
import { endGroup, endWithUs } from './launch/command.mjs'
import { installPackages } from './launch/install.mjs'
import { browserFolder, helmFolder, prometheusFolder, redisFolder, root } from './launch/paths.mjs'
import { findPrometheus, NO_PROMETHEUS } from './prometheus/find.mjs'
import { findRedis } from './redis/find.mjs'

const bin = join(root, 'node_modules/.bin')
const reportFile = join(root, '.posthorn/test-report.json')
const HELM_LIMIT_MS = 10 * 60_000
const say = (/** @type {string} */ line) => console.log(line)

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => process.exit(1))
}

try {
  await installPackages(say)
  await buildDashboard(say)
  if (!process.env.REDIS_URL) await findRedis({ folder: redisFolder, progress: say })
  const prometheus = await findPrometheus({ folder: prometheusFolder, progress: say })
  if (!prometheus) say(`Tests of alerts and dashboards: ${NO_PROMETHEUS}`)
  const browser = await findBrowser({ folder: browserFolder, progress: say })
  if (!browser) say(`Tests of the dashboard in a browser: ${NO_BROWSER}`)
  // Minutes the first time, so only CI has it built unasked; before the tests, lest it takes their time.
  const helm = await findHelm({
    ...{ folder: helmFolder, progress: say },
    ...{ build: process.env.CI !== undefined, limitMs: HELM_LIMIT_MS },
  })
  if ('missing' in helm) say(`Tests of the chart by Helm: skipped: ${helm.missing}`)
  const counts = await runAll()
  say(summary(counts))
  process.exitCode = counts.failed > 0 ? 1 : 0
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  say(summary({ passed: 0, failed: 1, skipped: 0 }))
  process.exitCode = 1
}

async function runAll() {
  /** @type {string[]} */
  const failures = []
  const filters = process.argv.slice(2)
  const all = filters.length > 0 ? [] : checks()
  for (const { name, command, args, mend } of all) {
    const ok = await step(name, command, args)
    if (!ok) failures.push(mend ? `${name} (to mend it: ${mend})` : name)
  }
  rmSync(reportFile, { force: true })
  mkdirSync(join(root, '.posthorn'), { recursive: true })
  const ok = await step('tests', 'vitest', ['run', ...filters], {
    POSTHORN_TEST_REPORT: reportFile,
  })
  const tests = vitestCounts(reportFile, ok)
  if (tests.failed > 0) failures.push(`${tests.failed} tests`)
  if (failures.length > 0) say(`\nFailed:\n${failures.map((line) => `  - ${line}`).join('\n')}\n`)
  const failedChecks = failures.length - (tests.failed > 0 ? 1 : 0)
  return {
    passed: tests.passed + all.length - failedChecks,
    failed: tests.failed + failedChecks,
    skipped: tests.skipped,
  }
}

/** Runs one command of node_modules/.bin with its output shown. @returns {Promise<boolean>} */
function step(
  /** @type {string} */ name,
  /** @type {string} */ command,
  /** @type {string[]} */ args,
  /** @type {Record<string, string>} */ more = {},
) {
  say(`\n── ${name}: ${command} ${args.join(' ')}`)
  const began = Date.now()
  const env = {
    ...process.env,
    // The Node of the workspace comes first, as in `pnpm run`.
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    ...more,
  }
  return new Promise((resolve) => {
    const child = spawn(join(bin, command), args, {
      cwd: root,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    })
    endWithUs(child)
    child.on('error', (error) => {
      say(`── ${name}: FAILED, ${error.message}`)
      resolve(false)
    })
    child.on('close', (code, signal) => {
      // A runner that was killed leaves the processes of its tests behind.
      endGroup(child)
      const result = code === 0 ? 'passed' : `FAILED (${signal ?? `exit code ${code}`})`
      say(`── ${name}: ${result} in ${((Date.now() - began) / 1_000).toFixed(1)} s`)
      resolve(code === 0)
    })
  })
}
