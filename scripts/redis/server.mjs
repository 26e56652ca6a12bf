import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { resolve as absolute } from 'node:path'
import { run } from '../launch/command.mjs'
import { askRedis } from './ask.mjs'
import { dockerArgs } from './docker.mjs'

const POLL_MS = 20
const OUTPUT_KEPT = 4_000

/**
 * A running Redis of ours.
 *
 * @typedef {object} RunningRedis
 * @property {number} port on 127.0.0.1
 * @property {string} url
 * @property {string} dir
 * @property {number | undefined} pid of the process, or of the Docker client
 * @property {Promise<void>} exited
 * @property {() => string} output the last of what it printed
 * @property {(signal: NodeJS.Signals) => void} signal
 */

/**
 * Starts Redis on a loopback port and waits until it answers, its data loaded.
 *
 * Its process group is its own: a Ctrl-C in the terminal must reach Redis last, through whoever
 * started it, and not at the same time as its clients.
 *
 * @param {import('./find.mjs').RedisServer} server
 * @param {{ port: number, dir: string, args?: readonly string[], config?: string, readyTimeoutMs?: number, onSpawn?: (running: RunningRedis) => void }} options
 *   `args` are redis-server options, e.g. ['--appendonly', 'yes'], `config` a file of them; `onSpawn` hears of the process
 *   before it answers, to be able to end it at any time
 * @returns {Promise<RunningRedis>}
 * @throws when it exits or does not answer in time, with what it printed
 */
export async function startServer(server, options) {
  const { port, args = [], readyTimeoutMs = 60_000 } = options
  const dir = absolute(options.dir)
  mkdirSync(dir, { recursive: true })
  const running = launch(server, port, dir, args, options.config ? [options.config] : [])
  options.onSpawn?.(running)
  const deadline = Date.now() + readyTimeoutMs
  let over = false
  void running.exited.then(() => {
    over = true
  })
  for (;;) {
    if (over) throw new Error(`Redis did not start:\n${running.output()}`)
    if (!over && (await isReady(running, server.source === 'docker'))) return running
    if (Date.now() > deadline) {
      running.signal('SIGKILL')
      throw new Error(
        `Redis did not answer within ${readyTimeoutMs / 1_000} s:\n${running.output()}`,
      )
    }
    await new Promise((next) => setTimeout(next, POLL_MS))
  }
}

/** The process id tells our Redis from another one that holds the port (a container has its own ids). */
async function isReady(/** @type {RunningRedis} */ running, /** @type {boolean} */ contained) {
  try {
    if (!contained) {
      const info = await askRedis(running.port, ['INFO', 'server'], { timeoutMs: 1_000 })
      if (!String(info).includes(`process_id:${running.pid}\r`)) return false
    }
    return (await askRedis(running.port, ['PING'], { timeoutMs: 1_000 })) === 'PONG'
  } catch {
    return false
  }
}

/** @returns {RunningRedis} */
function launch(
  /** @type {import('./find.mjs').RedisServer} */ server,
  /** @type {number} */ port,
  /** @type {string} */ dir,
  /** @type {readonly string[]} */ args,
  /** @type {readonly string[]} */ config,
) {
  const container =
    server.source === 'docker' ? `posthorn-redis-${randomBytes(4).toString('hex')}` : undefined
  const bind = container ? ['--bind', '0.0.0.0', '--protected-mode', 'no'] : ['--bind', '127.0.0.1']
  const own = [
    ...config,
    '--port',
    String(port),
    ...bind,
    '--dir',
    dir,
    '--daemonize',
    'no',
    ...args,
  ]
  const child = spawn(
    server.command,
    container ? [...dockerArgs({ name: container, port, dir }), ...own] : own,
    {
      cwd: dir,
      env: { ...process.env, ...server.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-OUTPUT_KEPT)
    })
  }
  const exited = new Promise((/** @type {(value: void) => void} */ done) => {
    child.on('error', (error) => {
      output += error.message
      done()
    })
    child.on('close', () => done())
  })
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    dir,
    pid: child.pid,
    exited,
    output: () => output.trim(),
    signal: (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return
      if (container) void run('docker', ['kill', '--signal', signal.replace('SIG', ''), container])
      else child.kill(signal)
    },
  }
}

/**
 * Stops Redis with everything on disk: SIGTERM makes it flush and fsync its AOF before it leaves.
 *
 * @param {RunningRedis} running
 */
export async function stopServer(running, graceMs = 15_000) {
  running.signal('SIGTERM')
  const timer = setTimeout(() => running.signal('SIGKILL'), graceMs)
  await running.exited
  clearTimeout(timer)
}
