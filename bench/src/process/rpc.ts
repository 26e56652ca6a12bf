import { type ChildProcess, fork } from 'node:child_process'

// Calls between the bench and the processes it forks, over Node's own channel.

interface Call {
  readonly id: number
  readonly method: string
  readonly argument: unknown
}

type Answer = { readonly id: number; readonly value: unknown; readonly error?: string }

export type Methods = Readonly<Record<string, (argument: never) => unknown>>

/** Answers the calls of the bench, and ends with it. */
export function serve(methods: Methods): void {
  process.on('message', async ({ id, method, argument }: Call) => {
    try {
      const value = await methods[method]?.(argument as never)
      process.send?.({ id, value } satisfies Answer)
    } catch (error) {
      process.send?.({ id, value: undefined, error: String(error) } satisfies Answer)
    }
  })
  process.on('disconnect', () => process.exit(0))
}

type Argument<M> = M extends (argument: infer A) => unknown ? A : never
type Result<M> = M extends (...args: never[]) => infer R ? Awaited<R> : never

/** A forked process whose `main.ts` serves `M`. */
export class Peer<M extends Methods> {
  readonly #child: ChildProcess
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>()
  #lastId = 0

  constructor(main: URL) {
    this.#child = fork(main, { serialization: 'advanced' })
    this.#child.on('message', ({ id, value, error }: Answer) => {
      const call = this.#calls.get(id)
      this.#calls.delete(id)
      if (error === undefined) call?.resolve(value)
      else call?.reject(new Error(error))
    })
    this.#child.on('exit', (code, signal) => {
      const error = new Error(`${main.pathname} ended with ${code ?? signal}`)
      for (const call of this.#calls.values()) call.reject(error)
    })
  }

  get pid(): number {
    return this.#child.pid as number
  }

  call<K extends keyof M & string>(method: K, argument: Argument<M[K]>): Promise<Result<M[K]>> {
    const call = Promise.withResolvers<unknown>()
    const id = ++this.#lastId
    this.#calls.set(id, call)
    this.#child.send({ id, method, argument } satisfies Call)
    return call.promise as Promise<Result<M[K]>>
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect()
  }
}
