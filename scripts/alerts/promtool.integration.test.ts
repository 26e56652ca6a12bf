import { expect, test } from 'vitest'
import { run } from '../launch/command.mjs'
import { prometheusFolder } from '../launch/paths.mjs'
import { findPrometheus, NO_PROMETHEUS } from '../prometheus/find.mjs'
import { rulesFolder } from './rules.ts'

const tools = await findPrometheus({ folder: prometheusFolder, progress: console.error })
const why = tools ? '' : ` (${NO_PROMETHEUS})`

test.runIf(tools)(
  `the alerts fire and stay quiet as posthorn.rules.test.yml says${why}`,
  async () => {
    const args = ['test', 'rules', 'posthorn.rules.test.yml']
    const result = await run(tools?.promtool ?? '', args, { cwd: rulesFolder })
    expect(result.ok, result.stdout + result.stderr).toBe(true)
  },
)

test.runIf(tools)(`Prometheus takes its configuration as Compose mounts it${why}`, async () => {
  const args = ['check', 'config', 'prometheus.yml']
  const result = await run(tools?.promtool ?? '', args, { cwd: rulesFolder })
  expect(result.ok, result.stdout + result.stderr).toBe(true)
})
