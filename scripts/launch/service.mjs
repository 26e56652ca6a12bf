import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { workspaceNode } from './install.mjs'
import { openLogFile } from './log-file.mjs'
import { home, root } from './paths.mjs'

const LINES_KEPT = 15
const WARN = 40
/**
 * A look-up by getaddrinfo holds a thread of libuv's pool until the resolver answers. Of the default
 * four, four names with a slow resolver would take all, and every other look-up would wait behind them.
 */
const UV_THREADPOOL_SIZE = '32'

/**
 * One process of Posthorn, started by `npm start`.
 *
 * @typedef {object} Service
 * @property {string} name
 * @property {string} main its main file, absolute
 * @property {number | undefined} pid
 * @property {Promise<string>} ended how it ended, in words
 * @property {() => boolean} running
 * @property {() => string} lastLines what it said last
 * @property {(signal: NodeJS.Signals) => void} signal
 *
 * @typedef {(line: string) => string} Pretty makes of a line of the log what a person reads
 */

/**
 * Starts a service under the Node of the workspace, in a process group of its own: a Ctrl-C in the
 * terminal then reaches only the one who started it, which ends everything in order.
 * All it says goes to `.posthorn/logs/<name>.log`; warnings and worse are shown as well.
 *
 * @param {{ name: string, main: string, env: NodeJS.ProcessEnv, show: (line: string) => void, pretty?: Pretty | undefined }} options
 * @returns {Service}
 */
export function startService({ name, main, env, show, pretty = readable }) {
  const file = join(root, main)
  const lifeline = pathToFileURL(join(root, 'scripts/launch/lifeline.mjs')).href
  const child = spawn(workspaceNode, ['--import', lifeline, file], {
    cwd: root,
    env: { UV_THREADPOOL_SIZE, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const log = openLogFile(join(home, 'logs', `${name}.log`))
  /** @type {string[]} */
  const last = []
  const take = (/** @type {string} */ line) => {
    log.write(`${line}\n`)
    last.push(readable(line))
    if (last.length > LINES_KEPT) last.shift()
    if (isWarning(line)) show(`[${name}] ${pretty(line).trimEnd()}`)
  }
  eachLine(child.stdout, take)
  eachLine(child.stderr, take)

  let running = true
  const ended = new Promise((/** @type {(how: string) => void} */ resolve) => {
    child.on('error', (error) => finish(`could not be started: ${error.message}`))
    child.on('close', (code, signal) =>
      finish(signal ? `was ended by ${signal}` : `exited with ${code}`),
    )
    function finish(/** @type {string} */ how) {
      if (!running) return
      running = false
      log.close()
      resolve(how)
    }
  })
  return {
    name,
    main: file,
    pid: child.pid,
    ended,
    running: () => running,
    lastLines: () => last.join('\n'),
    signal: (signal) => void (running && child.kill(signal)),
  }
}

function eachLine(
  /** @type {import('node:stream').Readable | null} */ stream,
  /** @type {(line: string) => void} */ take,
) {
  let rest = ''
  stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') take(line)
  })
  stream?.on('end', () => void (rest !== '' && take(rest)))
}

/** @returns {Record<string, any> | undefined} a line of the log; anything else is for people already */
function parsed(/** @type {string} */ line) {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function isWarning(/** @type {string} */ line) {
  const entry = parsed(line)
  return entry !== undefined && Number(entry.level) >= WARN
}

function readable(/** @type {string} */ line) {
  const entry = parsed(line)
  if (!entry) return line
  const cause = entry.err?.message ?? entry.error?.message
  return cause ? `${entry.msg ?? 'error'}: ${cause}` : String(entry.msg ?? line)
}
