import { Connection } from './connection.ts'
import type { DialOptions } from './dial.ts'

export interface PoolLimits {
  /** Connections to one origin at the same time, idle ones included. */
  readonly maxConnectionsPerOrigin: number
  /** Idle connections to all origins together; beyond it the one idle for longest closes. */
  readonly maxIdleConnections: number
}

/** Who wants a connection. */
export interface Borrower {
  readonly origin: string
  /** Called at once or later; the connection is the borrower's until release(). */
  use(connection: Connection): void
}

interface Origin {
  connections: number
  /** Last in, first out: the most recently used is the least likely to be stale. */
  readonly idle: Connection[]
  /** In order of arrival. */
  readonly waiting: Set<Borrower>
}

/**
 * Connections by origin. An origin is remembered only while it has a connection, so 10,000 origins
 * cost nothing once their connections have closed.
 */
export class ConnectionPool {
  readonly #limits: PoolLimits
  readonly #dialOptions: DialOptions
  readonly #origins = new Map<string, Origin>()
  /** In the order in which they became idle. */
  readonly #idle = new Set<Connection>()

  constructor(limits: PoolLimits, dialOptions: DialOptions) {
    this.#limits = limits
    this.#dialOptions = dialOptions
  }

  get idleConnections(): number {
    return this.#idle.size
  }

  get origins(): number {
    return this.#origins.size
  }

  acquire(borrower: Borrower): void {
    const origin = this.#origin(borrower.origin)
    const connection = origin.idle.pop()
    if (connection) {
      this.#idle.delete(connection)
      connection.idle = false
      borrower.use(connection)
    } else if (origin.connections < this.#limits.maxConnectionsPerOrigin) {
      origin.connections += 1
      borrower.use(this.#open(borrower.origin))
    } else {
      origin.waiting.add(borrower)
    }
  }

  /** A borrower that still waits does so no longer. */
  withdraw(borrower: Borrower): void {
    this.#origins.get(borrower.origin)?.waiting.delete(borrower)
  }

  /** A new connection in the place of one that broke under its borrower. */
  replace(connection: Connection): Connection {
    connection.destroy()
    return this.#open(connection.origin)
  }

  /** The borrower is done; `reusable` if the exchange ended where the next one may begin. */
  release(connection: Connection, reusable: boolean): void {
    const origin = this.#origin(connection.origin)
    const keep = reusable && connection.open
    if (!keep) connection.destroy()
    const next = first(origin.waiting)
    if (next) {
      origin.waiting.delete(next)
      next.use(keep ? connection : this.#open(connection.origin))
    } else if (keep) {
      this.#rest(origin, connection)
    } else {
      this.#forget(origin, connection.origin)
    }
  }

  /** Closes what is idle; what is in use closes when it is released as not reusable. */
  closeIdle(): void {
    for (const connection of this.#idle) this.#discard(connection)
  }

  #rest(origin: Origin, connection: Connection): void {
    connection.idle = true
    origin.idle.push(connection)
    this.#idle.add(connection)
    if (this.#idle.size <= this.#limits.maxIdleConnections) return
    const oldest = first(this.#idle)
    if (oldest) this.#discard(oldest)
  }

  #discard(connection: Connection): void {
    if (!this.#idle.delete(connection)) return
    connection.idle = false
    const origin = this.#origin(connection.origin)
    origin.idle.splice(origin.idle.indexOf(connection), 1)
    this.#forget(origin, connection.origin)
    connection.destroy()
  }

  #open(name: string): Connection {
    return new Connection(name, this.#dialOptions, (lost) => this.#discard(lost))
  }

  #origin(name: string): Origin {
    let origin = this.#origins.get(name)
    if (!origin) {
      origin = { connections: 0, idle: [], waiting: new Set() }
      this.#origins.set(name, origin)
    }
    return origin
  }

  #forget(origin: Origin, name: string): void {
    origin.connections -= 1
    if (origin.connections === 0) this.#origins.delete(name)
  }
}

function first<T>(set: ReadonlySet<T>): T | undefined {
  for (const value of set) return value
  return undefined
}
