import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fetchInto, unpackPackages } from '../apt/unpack.mjs'
import { onPath, run } from '../launch/command.mjs'

// What the tests of alerts and dashboards run; Posthorn itself needs none of it.

/**
 * Commands of a real Prometheus and of the exporter of Redis' own metrics.
 *
 * @typedef {object} PrometheusTools
 * @property {string} prometheus
 * @property {string} promtool
 * @property {string} redisExporter
 */

const PACKAGES = ['prometheus', 'prometheus-redis-exporter']

/** Why tests that need them are skipped where they cannot be had. */
export const NO_PROMETHEUS =
  'skipped: prometheus, promtool and redis_exporter are not on PATH, and apt cannot fetch them'

/**
 * Those on PATH, else the distribution's packages, unpacked into `folder`.
 *
 * @param {{ folder: string, progress?: (line: string) => void }} options
 * @returns {Promise<PrometheusTools | undefined>} undefined where they cannot be had
 */
export async function findPrometheus({ folder, progress = () => {} }) {
  const home = join(folder, 'packages')
  const ready = onThePath() ?? (await below(home))
  if (ready) return ready
  const fill = (
    /** @type {string} */ root,
    /** @type {string} */ work,
    /** @type {string[]} */ apt,
  ) => fetchInto(root, work, PACKAGES, apt)
  const unpacked = await unpackPackages({ what: 'Prometheus', home, progress, fill })
  return unpacked ? await below(home) : undefined
}

/** @returns {PrometheusTools | undefined} */
function onThePath() {
  const prometheus = onPath('prometheus')
  const promtool = onPath('promtool')
  const redisExporter = onPath('redis_exporter') ?? onPath('prometheus-redis-exporter')
  return prometheus && promtool && redisExporter
    ? { prometheus, promtool, redisExporter }
    : undefined
}

/** @returns {Promise<PrometheusTools | undefined>} what was unpacked below `home`, if it really runs */
async function below(/** @type {string} */ home) {
  const file = (/** @type {string} */ name) => join(home, 'usr/bin', name)
  const tools = {
    prometheus: file('prometheus'),
    promtool: file('promtool'),
    redisExporter: file('prometheus-redis-exporter'),
  }
  if (!existsSync(join(home, 'complete'))) return undefined
  for (const command of Object.values(tools)) {
    if (!(await run(command, ['--version'])).ok) return undefined
  }
  return tools
}
