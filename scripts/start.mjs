// npm start: everything Posthorn needs, on this machine, in one terminal. Runs on Node ≥ 20 with no
// package installed.
//
//   ports, leftovers ─▶ packages ─▶ dashboard ─▶ keys ─▶ Redis ─▶ API and worker ─▶ ready ─▶ wait
//                                                                                            │
//   a signal, or a process that ends on its own ──▶ API and worker end ──▶ Redis writes and ends
import { buildDashboard } from './dashboard/build.mjs'
import { banner } from './launch/banner.mjs'
import { installPackages } from './launch/install.mjs'
import { keysOf } from './launch/keys.mjs'
import { endLeftovers } from './launch/leftovers.mjs'
import { choosePorts, HELP, StartError } from './launch/options.mjs'
import { startOwnRedis } from './launch/own-redis.mjs'
import { waitUntilReady } from './launch/ready.mjs'
import { startService } from './launch/service.mjs'
import { clearState, isRunning, noteState, readState } from './launch/state.mjs'
import { installStop } from './launch/stop.mjs'
import { RedisNotFoundError } from './redis/find.mjs'

const LOOPBACK = '127.0.0.0/8,::1/128'
const began = Date.now()
const say = (/** @type {string} */ line) => console.log(line)
// Whoever reads our output may go first (`npm start | head`); that must not keep us from ending well.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
  say(HELP)
} else {
  const stop = installStop(say)
  try {
    await start(stop)
  } catch (error) {
    const expected = error instanceof StartError || error instanceof RedisNotFoundError
    await stop.fail(
      expected ? error.message : error instanceof Error ? (error.stack ?? '') : String(error),
    )
  }
}

async function start(/** @type {import('./launch/stop.mjs').Stop} */ stop) {
  const earlier = readState()
  if (isRunning(earlier.pid, 'start.mjs')) {
    throw new StartError(
      `Posthorn already runs from this folder, at ${earlier.url} (process ${earlier.pid}).`,
    )
  }
  await endLeftovers(earlier)
  const { port, workerPort } = await choosePorts(process.env)
  const url = `http://localhost:${port}`
  noteState({ pid: process.pid, url, services: {} })
  stop.atEnd(clearState)

  await installPackages(say)
  await buildDashboard(say)
  const keys = keysOf(process.env)
  const redis = await redisOf(stop)
  if (stop.begun()) return
  const env = {
    NODE_ENV: 'production',
    POSTHORN_ALLOW_CIDRS: LOOPBACK,
    // To try it out, any Redis of REDIS_URL will do; ours keeps everything.
    POSTHORN_REDIS_CHECKS: 'warn',
    POSTHORN_TEST_RECEIVER: 'on',
    ...withoutEmpty(process.env),
    ...keys,
  }
  const pretty = await prettyLines()
  const common = {
    ...env,
    REDIS_URL: redis.url,
    PORT: String(port),
    POSTHORN_WORKER_PORT: String(workerPort),
  }
  const api = startService({
    name: 'api',
    main: 'apps/api/src/main.ts',
    env: common,
    show: say,
    pretty,
  })
  const worker = startService({
    name: 'worker',
    main: 'apps/worker/src/main.ts',
    env: common,
    show: say,
    pretty,
  })
  stop.watch(api)
  stop.watch(worker)
  noteState({ services: { [api.main]: api.pid ?? 0, [worker.main]: worker.pid ?? 0 } })

  const ready = await waitUntilReady([port, workerPort], stop.begun)
  if (!ready || stop.begun()) return
  const seconds = ((Date.now() - began) / 1_000).toFixed(1)
  say(banner({ url, key: keys.POSTHORN_ROOT_KEY, redis: redis.description, seconds }))
}

async function redisOf(/** @type {import('./launch/stop.mjs').Stop} */ stop) {
  const given = process.env.REDIS_URL
  if (given) return { url: given, description: 'the one of REDIS_URL' }
  return startOwnRedis(say, stop.watchRedis)
}

/** Whoever watches a terminal sees warnings with all their fields; a pipe gets their message alone. */
async function prettyLines() {
  if (!process.stdout.isTTY) return undefined
  const { prettyFactory } = await import('pino-pretty')
  return prettyFactory({ translateTime: 'SYS:HH:MM:ss', ignore: 'pid,name', colorize: true })
}

/** `VAR=` means not set: it must not hide a default of ours. */
function withoutEmpty(/** @type {NodeJS.ProcessEnv} */ env) {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
}
