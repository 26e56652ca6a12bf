import { type ChildProcess, spawn } from 'node:child_process'
import { request } from 'undici'
import { nodeBinary, repositoryRoot } from './place.ts'
import { freePort } from './port.ts'
import { waitFor } from './wait.ts'

export type Env = Readonly<Record<string, string>>
export type Kind = 'api' | 'worker'

const READY_WITHIN_MS = 60_000
const TAIL_LINES = 10
const COMPLAINT_LINES = 30

const alive = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

/** Whose code runs, and how. */
export interface Origin {
  /** Of another version of this tree, to be tried beside it. */
  readonly root?: string
  /** A command that runs the one behind it. */
  readonly through?: readonly string[]
}

/** One real process of Posthorn: `apps/api` or `apps/worker`, its output kept for the assertions. */
export class Service {
  readonly kind: Kind
  readonly port: number
  readonly url: string
  /** All that the process (and those started in its place) wrote, stdout and stderr together. */
  output = ''
  readonly #env: Env
  readonly #root: string
  readonly #through: readonly string[]
  #child: ChildProcess | undefined
  #ended: Promise<number | string> = Promise.resolve(0)

  private constructor(kind: Kind, port: number | string, env: Env, origin: Origin = {}) {
    this.kind = kind
    this.#root = origin.root ?? repositoryRoot
    this.#through = origin.through ?? []
    this.port = Number(port)
    this.url = `http://127.0.0.1:${port}`
    this.#env = { ...env, [kind === 'api' ? 'PORT' : 'POSTHORN_WORKER_PORT']: String(port) }
  }

  static async start(kind: Kind, env: Env, origin?: Origin): Promise<Service> {
    const service = new Service(kind, await freePort(), env, origin)
    service.spawn()
    try {
      await service.ready()
    } catch (error) {
      await service.kill('SIGKILL') // Nobody gets it, so nobody else could end it.
      throw error
    }
    return service
  }

  /** Starts a process that is expected to end by itself, and waits for that. */
  static async runToEnd(
    kind: Kind,
    env: Env,
    port?: string,
  ): Promise<{ code: number | string; output: string }> {
    const service = new Service(kind, port ?? (await freePort()), env)
    service.spawn()
    try {
      return { code: await service.ended(READY_WITHIN_MS), output: service.output }
    } finally {
      service.signal('SIGKILL')
    }
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error(`${this.kind} does not run`)
    return this.#child.pid
  }

  get running(): boolean {
    return this.#child !== undefined && alive.has(this.#child)
  }

  spawn(): void {
    const main = `${this.#root}/apps/${this.kind}/src/main.ts`
    const [command = nodeBinary, ...args] = [...this.#through, nodeBinary, main]
    const child = spawn(command, args, {
      cwd: this.#root,
      // As `npm run start:api` and `start:worker` set it.
      env: { PATH: process.env.PATH ?? '', UV_THREADPOOL_SIZE: '32', ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    alive.add(child)
    const note = (chunk: string): void => {
      this.output += chunk
    }
    child.stdout.setEncoding('utf8').on('data', note)
    child.stderr.setEncoding('utf8').on('data', note)
    const { promise, resolve } = Promise.withResolvers<number | string>()
    child.on('error', (error) => resolve(error.message))
    child.on('exit', () => alive.delete(child))
    // 'close' comes after 'exit' and after all output has been read.
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'))
    this.#ended = promise
  }

  async ready(timeoutMs = READY_WITHIN_MS): Promise<void> {
    await waitFor(() => this.#answersReady(), {
      what: `${this.kind} on port ${this.port} to be ready`,
      timeoutMs,
      everyMs: 50,
      context: () => this.tail(),
    })
  }

  async #answersReady(): Promise<boolean> {
    if (!this.running) throw new Error(`${this.kind} has ended`)
    const answer = await request(`${this.url}/readyz`)
    const text = await answer.body.text()
    if (answer.statusCode !== 200) throw new Error(text)
    return true
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  /** Sends the signal and waits for the end; the exit code, or the signal's name. */
  async kill(signal: NodeJS.Signals, withinMs = 30_000): Promise<number | string> {
    this.signal(signal)
    return await this.ended(withinMs)
  }

  /** Starts the process again on the same port. */
  async restart(): Promise<void> {
    if (this.running) await this.kill('SIGTERM')
    this.spawn()
    await this.ready()
  }

  /** Waits for the process' end; its exit code or signal. */
  async ended(withinMs: number): Promise<number | string> {
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      reject(new Error(`${this.kind} still runs after ${withinMs} ms\n${this.tail()}`))
    }, withinMs)
    try {
      return await Promise.race([this.#ended, promise])
    } finally {
      clearTimeout(timer)
    }
  }

  /** What it complained of, and the end of its log. */
  tail(): string {
    const lines = this.output.trimEnd().split('\n')
    const last = lines.slice(-TAIL_LINES)
    const complaints = lines
      .slice(0, -TAIL_LINES)
      .filter((line) => !/^\{"level":[123]0\D/.test(line))
      .slice(-COMPLAINT_LINES)
    return [`--- ${this.kind} ${this.port}`, ...complaints, '…', ...last].join('\n')
  }
}
