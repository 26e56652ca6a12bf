import { stopServer } from '../redis/server.mjs'

// The end of `npm start`: services first, Redis last, nothing left behind. It begins with a signal,
// with a process that ends on its own, or with a failed start.

/** A process lets attempts in the air end by their deadlines (at most 60 s), and 5 s more. */
const SERVICE_GRACE_MS = 70_000
/** Without Redis nothing that they do can be recorded any more. */
const GRACE_WITHOUT_REDIS_MS = 2_000
/** Ctrl-C comes twice when npm runs us (from the terminal, and passed on); a person takes longer. */
const SAME_SIGNAL_MS = 500
const PARENT_CHECK_MS = 1_000

/**
 * @typedef {object} Stop
 * @property {() => boolean} begun
 * @property {(service: import('./service.mjs').Service) => void} watch
 * @property {(redis: import('../redis/server.mjs').RunningRedis) => void} watchRedis
 * @property {(step: () => void) => void} atEnd runs after everything has ended
 * @property {(message: string) => Promise<void>} fail says why, ends everything, exits with 1
 */

/** npm, killed outright, cannot pass the signal on: then nobody would be left to stop us. */
function whenNpmIsGone(/** @type {() => void} */ react) {
  if (!process.env.npm_lifecycle_event) return
  const npm = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === npm) return
    clearInterval(timer)
    react()
  }, PARENT_CHECK_MS)
  timer.unref()
}

/** @returns {Stop} */
export function installStop(/** @type {(line: string) => void} */ say) {
  /** @type {import('./service.mjs').Service[]} */
  const services = []
  /** @type {import('../redis/server.mjs').RunningRedis | undefined} */
  let redis
  /** @type {(() => void)[]} */
  const lastSteps = []
  let begunAtMs = 0
  let exitCode = 0

  async function end(graceMs = SERVICE_GRACE_MS) {
    begunAtMs = Date.now()
    const timer = setTimeout(killServices, graceMs)
    for (const service of services) service.signal('SIGTERM')
    await Promise.all(services.map((service) => service.ended))
    clearTimeout(timer)
    if (redis) await stopServer(redis)
    for (const step of lastSteps) step()
    process.exit(exitCode)
  }

  function killServices() {
    for (const service of services) service.signal('SIGKILL')
  }

  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (begunAtMs === 0) {
        say('\nStopping (again to leave at once)')
        void end()
      } else if (Date.now() - begunAtMs > SAME_SIGNAL_MS) {
        exitCode = 1
        killServices()
      }
    })
  }
  whenNpmIsGone(() => begunAtMs === 0 && void end())
  // Whatever else ends this process must not leave the others alone.
  process.on('exit', () => {
    killServices()
    redis?.signal('SIGTERM')
  })

  async function fail(
    /** @type {string} */ message,
    /** @type {number} */ graceMs = SERVICE_GRACE_MS,
  ) {
    if (begunAtMs !== 0) return
    console.error(message)
    exitCode = 1
    await end(graceMs)
  }

  return {
    begun: () => begunAtMs !== 0,
    watch(service) {
      services.push(service)
      void service.ended.then((how) => {
        if (how === 'exited with 0' && begunAtMs !== 0) return
        const message = `The ${service.name} ${how}. It said last:\n${service.lastLines()}`
        if (begunAtMs === 0) void fail(message)
        else if (exitCode === 0) {
          exitCode = 1
          console.error(message)
        }
      })
    },
    watchRedis(running) {
      redis = running
      void running.exited.then(() =>
        fail(`Redis ended by itself. It said last:\n${running.output()}`, GRACE_WITHOUT_REDIS_MS),
      )
    },
    atEnd: (step) => void lastSteps.push(step),
    fail,
  }
}
