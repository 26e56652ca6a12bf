import type { Log } from './log.ts'

// The end of a process, last in, first out:
//
//   running ──SIGTERM, SIGINT──▶ stopping ──all closed──▶ exit 0
//                                  │  ├──deadline──▶ exit 1
//                                  │  ├──a step fails: logged, the others still run──▶ exit 1
//                                  ├──nothing to wait for (`leave`)──▶ exit 1, at once
//                                  └──second signal, no echo of the first──▶ exit 1, at once

type CloseStep = () => Promise<void> | void

export interface Shutdown {
  /** What was opened last is closed first. Register a step right after opening. */
  onClose(name: string, close: CloseStep): void
  /** As if a signal had come; `exitCode` 1 says that the process ends because something broke. */
  stop(reason: string, exitCode?: number): Promise<void>
  /** At once, with 1: the steps that are left are not taken. */
  leave(reason: string): void
  /** Aborted when the end begins. */
  readonly signal: AbortSignal
}

interface ShutdownOptions {
  readonly log: Pick<Log, 'info' | 'error'>
  /** The process leaves at the latest then. */
  readonly timeoutMs: number
  /** For tests. */
  readonly exit?: (code: number) => void
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/**
 * One wish to end often comes twice when npm runs a process: once to all of its group, once passed on
 * by npm. Ctrl-C does so, and so does a supervisor that signals a whole cgroup. A person who means it
 * presses again later than this, and a supervisor that has lost patience sends SIGKILL.
 */
const ECHO_MS = { SIGINT: 500, SIGTERM: 100 }

/** Installs the signal handlers; a process has one of these, made in its `main.ts`. */
export function installShutdown({
  log,
  timeoutMs,
  exit = (code) => process.exit(code),
}: ShutdownOptions): Shutdown {
  const steps: { name: string; close: CloseStep }[] = []
  const begun = new AbortController()
  let ending: Promise<void> | undefined
  let firstSignalMs = 0

  function leave(reason: string): void {
    log.error({ left: steps.map((step) => step.name) }, reason)
    exit(1)
  }

  function stop(reason: string, exitCode = 0): Promise<void> {
    ending ??= (async () => {
      log.info({ reason }, 'shutting down')
      begun.abort()
      const timer = setTimeout(() => leave('shutdown took too long'), timeoutMs)
      const clean = await closeAll(steps, log)
      clearTimeout(timer)
      log.info({}, 'stopped')
      exit(clean ? exitCode : 1)
    })()
    return ending
  }

  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (!ending) {
        firstSignalMs = performance.now()
        void stop(signal)
      } else if (performance.now() - firstSignalMs > ECHO_MS[signal]) {
        leave(`second signal, ${signal}: leaving at once`)
      }
    })
  }
  return {
    onClose: (name, close) => void steps.push({ name, close }),
    stop,
    leave,
    signal: begun.signal,
  }
}

/** @returns whether every step ended well */
async function closeAll(
  steps: { name: string; close: CloseStep }[],
  log: Pick<Log, 'error'>,
): Promise<boolean> {
  let clean = true
  for (let step = steps.at(-1); step; step = steps.at(-1)) {
    try {
      await step.close()
    } catch (error) {
      clean = false
      log.error({ err: error, step: step.name }, 'a step of the shutdown failed')
    }
    steps.splice(steps.indexOf(step), 1) // Another may have been opened meanwhile: its turn is next.
  }
  return clean
}
