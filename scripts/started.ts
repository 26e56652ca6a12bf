import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// An `npm start` seen from outside, as a person at a terminal sees it. For tests, on Linux.

const root = fileURLToPath(new URL('../', import.meta.url))
const POLL_MS = 25

export interface StartedPosthorn {
  /** npm itself; it leads a process group, as it does in a terminal. */
  readonly npm: ChildProcess
  /** All that was printed so far. */
  output(): string
  /** What was printed behind a word at the start of a line. */
  printed(word: string): string
  /** Until npm ends: its exit code, or the signal that ended it. */
  readonly exited: Promise<number | string>
}

/** Starts with `home` for data and keys, so that tests and a person's own data never meet. */
export function npmStart(home: string, env: Record<string, string>): StartedPosthorn {
  const { REDIS_URL: _, POSTHORN_ROOT_KEY: __, ...inherited } = process.env
  const npm = spawn('npm', ['start'], {
    cwd: root,
    env: { ...inherited, POSTHORN_HOME: home, POSTHORN_WORKER_PORT: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let text = ''
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  }
  return {
    npm,
    output: () => text,
    printed: (word) => new RegExp(`^\\s*${word}\\s+(.*)$`, 'm').exec(text)?.[1] ?? '',
    exited: once(npm, 'close').then(([code, signal]) => code ?? signal),
  }
}

/**
 * Every process that belongs to `home`: npm, the launcher, API, worker, Redis, and whatever else
 * should not be there. They inherited POSTHORN_HOME; Redis writes over its environment to show its
 * port as its title, and is known by its folder.
 */
export function processesOf(home: string): Map<number, string> {
  const found = new Map<number, string>()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const environment = processFile(pid, 'environ').split('\0')
    if (!environment.includes(`POSTHORN_HOME=${home}`) && !folderOf(pid).startsWith(home)) continue
    const commandLine = processFile(pid, 'cmdline').replaceAll('\0', ' ').trim()
    if (commandLine !== '') found.set(Number(pid), commandLine)
  }
  return found
}

/** Empty for a process that has just ended. */
function processFile(pid: string, file: string): string {
  try {
    return readFileSync(join('/proc', pid, file), 'utf8')
  } catch {
    return ''
  }
}

function folderOf(pid: string): string {
  try {
    return readlinkSync(join('/proc', pid, 'cwd'))
  } catch {
    return ''
  }
}

/** The id of the one process whose command line holds `part`. */
export function processOf(home: string, part: string): number {
  for (const [pid, commandLine] of processesOf(home)) if (commandLine.includes(part)) return pid
  throw new Error(`No process with ${part}: ${[...processesOf(home).values()].join('\n')}`)
}

/** Waits for a state; the time limit of the test ends a wait that never does. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((next) => setTimeout(next, POLL_MS))
}
