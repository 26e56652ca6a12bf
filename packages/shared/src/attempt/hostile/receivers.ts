import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Command, Ready, Seen } from './serve.ts'

/** The process in which the receivers of the corpus live. */
export class HostileReceivers {
  readonly ca: string
  /** The address of a name server that knows them. */
  readonly dns: string
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, { ca, dns }: Ready) {
    this.#child = child
    this.ca = ca
    this.dns = dns
  }

  static async start(): Promise<HostileReceivers> {
    const child = fork(new URL('./serve.ts', import.meta.url), { execArgv: [] })
    const [ready] = (await once(child, 'message')) as [Ready]
    return new HostileReceivers(child, ready)
  }

  /** @returns its port */
  open(which: number | 'healthy'): Promise<number> {
    return this.#ask({ open: which })
  }

  /** The open receiver behaves from now on. */
  async calm(): Promise<void> {
    await this.#ask('calm')
  }

  /** Ends the open receiver. */
  close(): Promise<Seen> {
    return this.#ask('close')
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit')
    this.#child.disconnect()
    await gone
  }

  async #ask<Answer>(command: Command): Promise<Answer> {
    const answer = once(this.#child, 'message')
    this.#child.send(command)
    const [value] = (await answer) as [Answer]
    return value
  }
}
