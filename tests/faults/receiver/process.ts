import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { nodeBinary } from '../../harness/place.ts'
import type { Behaviour } from '../load/events.ts'
import type { Ledger } from './ledger.ts'
import type { Pace } from './pace.ts'

export type Question =
  | { kind: 'subscriber'; id: number; path: string; behaviour: Behaviour }
  | { kind: 'ledger' | 'pace'; id: number; path: string }

export interface Progress {
  readonly kind: 'progress'
  readonly atMs: number
  readonly counts: Readonly<Record<string, { readonly total: number; readonly seen: number }>>
}

type Told =
  | Progress
  | { kind: 'listening'; port: number }
  | { kind: 'done'; id: number }
  | { kind: 'ledger'; id: number; ledger: Ledger }
  | { kind: 'pace'; id: number; pace: Pace }

/** The subscribers' process, as the harness sees it. */
export class ReceiverProcess {
  readonly #child: ChildProcess
  readonly #answers = new Map<number, (told: Told) => void>()
  readonly #listening = Promise.withResolvers<number>()
  #port = 0
  #asked = 0
  #progress: Progress | undefined

  private constructor() {
    const main = fileURLToPath(new URL('main.ts', import.meta.url))
    this.#child = fork(main, { serialization: 'advanced', execPath: nodeBinary, execArgv: [] })
    this.#child.on('message', (told: Told) => this.#hear(told))
    this.#child.on('exit', () => this.#listening.reject(new Error('the receiver ended')))
  }

  static async start(): Promise<ReceiverProcess> {
    const receiver = new ReceiverProcess()
    receiver.#port = await receiver.#listening.promise
    return receiver
  }

  urlOf(path: string): string {
    return `http://127.0.0.1:${this.#port}${path}`
  }

  /** A new subscriber, or another behaviour for one that exists. */
  async subscriber(path: string, behaviour: Behaviour): Promise<void> {
    await this.#ask((id) => ({ kind: 'subscriber', id, path, behaviour }))
  }

  async ledger(path: string): Promise<Ledger> {
    const told = await this.#ask((id) => ({ kind: 'ledger', id, path }))
    if (told.kind !== 'ledger') throw new Error(`no ledger of ${path}`)
    return told.ledger
  }

  /** How densely requests came since this was asked last. */
  async pace(path: string): Promise<Pace> {
    const told = await this.#ask((id) => ({ kind: 'pace', id, path }))
    if (told.kind !== 'pace') throw new Error(`no pace of ${path}`)
    return told.pace
  }

  /** Requests so far, as told at most 25 ms ago. */
  total(path: string): number {
    return this.#progress?.counts[path]?.total ?? 0
  }

  /** Different events so far. */
  seen(path: string): number {
    return this.#progress?.counts[path]?.seen ?? 0
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect()
  }

  #ask(question: (id: number) => Question): Promise<Told> {
    const { promise, resolve } = Promise.withResolvers<Told>()
    const id = ++this.#asked
    this.#answers.set(id, resolve)
    this.#child.send(question(id))
    return promise
  }

  #hear(told: Told): void {
    if (told.kind === 'progress') this.#progress = told
    else if (told.kind === 'listening') this.#listening.resolve(told.port)
    else {
      this.#answers.get(told.id)?.(told)
      this.#answers.delete(told.id)
    }
  }
}
