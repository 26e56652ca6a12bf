import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { onPath, run } from '../launch/command.mjs'

/** Helm's own module, as `go install` names it; `folder` keeps what was built of it. */
const MODULE = 'helm.sh/helm/v4/cmd/helm'
const VERSION = 'v4.3.1'
const BUILD_LIMIT_MS = 15 * 60_000

/**
 * Helm as this machine has it: on PATH, or built before; or built now where there is Go and it is asked for: that
 * takes minutes and more than a gigabyte of modules, too much to happen beside tests.
 *
 * @param {{ folder: string, build?: boolean, env?: NodeJS.ProcessEnv, limitMs?: number,
 *   progress?: (line: string) => void }} options
 * @returns {Promise<{ command: string } | { missing: string }>} `missing` says why there is none
 */
export async function findHelm(options) {
  const { folder, build = false, env = process.env, progress = () => {} } = options
  const { limitMs = BUILD_LIMIT_MS } = options
  const installed = onPath('helm', env)
  if (installed) return { command: installed }
  const home = join(folder, VERSION)
  const built = join(home, 'helm')
  if (existsSync(built)) return { command: built }
  const go = onPath('go', env)
  if (!go) return { missing: 'neither helm nor go, from which it could be built, is on PATH' }
  if (!build) return { missing: 'no helm on PATH; `npm run helm` builds one with Go, once' }
  progress(`Building Helm ${VERSION} with Go (the first time takes minutes)`)
  mkdirSync(home, { recursive: true })
  // Everything else on this machine comes first.
  const args = ['-n', '19', go, 'install', '-ldflags=-s -w', `${MODULE}@${VERSION}`]
  const untilMs = performance.now() + limitMs
  const done = await run('nice', args, {
    env: { ...env, GOBIN: home, CGO_ENABLED: '0' },
    timeoutMs: limitMs,
  })
  if (done.ok && existsSync(built)) return { command: built }
  // What was compiled stays in Go's cache.
  const why =
    performance.now() < untilMs
      ? done.stderr.trim().split('\n').at(-1)
      : `${limitMs / 60_000} minutes were not enough; \`npm run helm\` goes on from there`
  return { missing: `go could not build ${MODULE}@${VERSION}: ${why}` }
}
