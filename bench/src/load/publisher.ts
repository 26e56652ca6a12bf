import { PublishConnection } from './connection.ts'
import { publishBody } from './payload.ts'
import type { EventKind, Target } from './target.ts'

const CONNECTIONS = 128

/** Connections of which each has at most one publish in the air, and who is free. */
export class Publisher {
  readonly #all: PublishConnection[] = []
  readonly #free: PublishConnection[] = []
  readonly #sentAtMs = new Map<PublishConnection, number>()
  readonly #tenants: number | undefined
  #nextTenant = 0
  #whenIdle: PromiseWithResolvers<void> | undefined
  #failed: Error | undefined
  /** Called with the time given to `publish`. */
  onAccepted: (atMs: number) => void = () => undefined
  onFree: () => void = () => undefined
  accepted = 0
  refused = 0

  private constructor(tenants: number | undefined) {
    this.#tenants = tenants
  }

  static async open(
    target: Target,
    type: string,
    { bytes, tenants }: Omit<EventKind, 'fanOut'>,
    connections = CONNECTIONS,
  ): Promise<Publisher> {
    const publisher = new Publisher(tenants)
    const body = publishBody(type, bytes, tenants !== undefined)
    const onAnswer = (connection: PublishConnection, status: number) =>
      publisher.#answered(connection, status)
    const onError = (error: Error) => publisher.#fail(error)
    for (let i = 0; i < connections; i++) {
      publisher.#all.push(await PublishConnection.open(target, body, onAnswer, onError))
    }
    publisher.#free.push(...publisher.#all)
    return publisher
  }

  /** After a failure, too: who publishes then learns of it. */
  get hasFree(): boolean {
    return this.#free.length > 0 || this.#failed !== undefined
  }

  get started(): number {
    return this.accepted + this.refused + this.#sentAtMs.size
  }

  publish(atMs: number): void {
    if (this.#failed) throw this.#failed
    // The one that was idle longest: a server closes those that nobody uses.
    const connection = this.#free.shift()
    if (!connection) throw new Error('no connection is free')
    this.#sentAtMs.set(connection, atMs)
    if (this.#tenants === undefined) connection.publish(atMs)
    else connection.publish(atMs, this.#nextTenant++ % this.#tenants)
  }

  /** Resolves when every publish has been answered. */
  whenIdle(): Promise<void> {
    if (this.#failed) return Promise.reject(this.#failed)
    if (this.#sentAtMs.size === 0) return Promise.resolve()
    this.#whenIdle ??= Promise.withResolvers()
    return this.#whenIdle.promise
  }

  close(): void {
    for (const connection of this.#all) connection.close()
  }

  #answered(connection: PublishConnection, status: number): void {
    const atMs = this.#sentAtMs.get(connection) as number
    this.#sentAtMs.delete(connection)
    this.#free.push(connection)
    if (status === 202) {
      this.accepted++
      this.onAccepted(atMs)
    } else {
      this.refused++
    }
    this.onFree()
    if (this.#sentAtMs.size === 0) this.#whenIdle?.resolve()
  }

  #fail(error: Error): void {
    this.#failed = error
    this.#whenIdle?.reject(error)
  }
}
