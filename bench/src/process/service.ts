import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ServiceOptions {
  readonly name: string
  /** For Node, ahead of the program. */
  readonly flags?: readonly string[]
  readonly main: URL
  readonly env: Readonly<Record<string, string>>
  /** Answers 200 as soon as the service can be used. */
  readonly readyUrl: string
  readonly logFolder: string
  /** Where it leaves `<name>.cpuprofile` when it ends. */
  readonly profileFolder?: string | undefined
}

const READY_WITHIN_MS = 20_000
const LOOK_EVERY_MS = 20

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** A process under test, started as an operator would; its output goes to a file. */
export class Service {
  readonly name: string
  readonly #child: ChildProcess
  readonly #logFile: string

  private constructor({ name, flags = [], main, env, logFolder, profileFolder }: ServiceOptions) {
    this.name = name
    mkdirSync(logFolder, { recursive: true })
    this.#logFile = join(logFolder, `${name}.log`)
    // Not through this process: a service writes each line before it goes on, and would wait for us.
    const log = openSync(this.#logFile, 'a')
    this.#child = spawn(
      process.execPath,
      [...flags, ...profiling(name, profileFolder), main.pathname],
      {
        env: { PATH: process.env.PATH ?? '', ...env },
        stdio: ['ignore', log, log],
      },
    )
    closeSync(log)
    running.add(this.#child)
    this.#child.on('exit', () => running.delete(this.#child))
  }

  static async start(options: ServiceOptions): Promise<Service> {
    const service = new Service(options)
    await service.#ready(options.readyUrl)
    return service
  }

  get pid(): number {
    return this.#child.pid as number
  }

  /** Ends it in its own time; resolves when it has. */
  async stop(): Promise<void> {
    if (!running.has(this.#child)) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await ended
  }

  async #ready(url: string): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS
    while (performance.now() < deadline && running.has(this.#child)) {
      const answer = await fetch(url).catch(() => undefined)
      if (answer?.ok) return
      await sleep(LOOK_EVERY_MS)
    }
    throw new Error(
      `${this.name} is not ready\n${readFileSync(this.#logFile, 'utf8').slice(-2_000)}`,
    )
  }
}

const profiling = (name: string, folder: string | undefined): string[] =>
  folder === undefined
    ? []
    : ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`]
