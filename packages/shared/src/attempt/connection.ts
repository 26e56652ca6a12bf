import type { Socket } from 'node:net'
import { type buildConnector, Client } from 'undici'
import { Dial, type DialOptions, type DialTimes, dialTarget } from './dial.ts'
import type { DialStage } from './dial-error.ts'
import type { EgressError } from './egress/egress-error.ts'
import { MAX_HEADER_BYTES, ResponseGuard } from './response-guard.ts'

/** How long a connection waits for the next request unless the receiver names its own limit. */
const KEEP_ALIVE_MS = 4_000
const MAX_KEEP_ALIVE_MS = 60_000

/**
 * One connection to one origin, used by one exchange at a time; an undici Client underneath. Not
 * undici's Pool: a request that waits in it cannot be taken back, its connector does not know
 * whose deadline it works for, and it does not tell a fresh connection from a re-used one.
 */
export class Connection {
  readonly origin: string
  readonly client: Client
  /** Waits in the pool for its next exchange. */
  idle = false
  readonly #dialOptions: DialOptions
  #dial: Dial | undefined
  #socket: Socket | undefined
  #tcp: Socket | undefined
  #guard: ResponseGuard | undefined
  #exchanges = 0
  #dialTimes: DialTimes | undefined

  constructor(origin: string, dialOptions: DialOptions, onLost: (connection: Connection) => void) {
    this.origin = origin
    this.#dialOptions = dialOptions
    this.client = new Client(origin, {
      connect: (options, callback) => this.#connect(options, callback),
      allowH2: false,
      // The exchange keeps one deadline over all stages: undici's timers only see one each.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
    })
    this.client.on('disconnect', () => {
      // A client in use connects anew by itself if nothing of its request has been written.
      if (this.idle) onLost(this)
    })
  }

  /** What a new connection is waiting for; undefined once it is there. */
  get stage(): DialStage | undefined {
    return this.#dial?.stage
  }

  /** What making it has taken, so far if it is under way. */
  get dialTimes(): DialTimes | undefined {
    return this.#dial?.measured() ?? this.#dialTimes
  }

  /** The deadline has passed before there was a connection: an error if that is the egress proxy's fault. */
  expired(): EgressError | undefined {
    return this.#dial?.expired()
  }

  /** Whether the peer has sent anything since the last begin(). */
  get answered(): boolean {
    return this.#guard !== undefined && this.#guard.bytes > 0
  }

  /**
   * Whether another exchange could follow on the same socket. Not if the peer has answered while part
   * of the request still waits to be written: undici does not look, and the next request would wait
   * behind what the peer may never read.
   */
  get open(): boolean {
    return this.#socket?.destroyed === false && this.#socket.writableLength === 0
  }

  /** A request is about to be written. Returns whether the socket has carried one before. */
  begin(): boolean {
    this.#guard?.expect()
    this.#exchanges += 1
    return this.#exchanges > 1
  }

  /**
   * What of a request is still unsent is dropped with a reset: after a mere close the kernel would keep
   * megabytes for a peer that never reads, for minutes.
   */
  destroy(): void {
    this.#dial?.cancel()
    if (this.#socket?.destroyed === false && this.#socket.writableLength > 0) {
      this.#tcp?.resetAndDestroy()
    }
    this.client.destroy(ignore)
  }

  #connect(options: buildConnector.Options, callback: buildConnector.Callback): void {
    const dial = new Dial(dialTarget(options), this.#dialOptions, (error, socket) => {
      this.#dial = undefined
      this.#dialTimes = dial.measured()
      if (socket === null) {
        callback(error as Error, null)
        return
      }
      this.#socket = socket
      this.#tcp = dial.tcp
      this.#guard = new ResponseGuard(socket)
      this.#exchanges = 0
      callback(null, socket)
    })
    this.#dial = dial
  }
}

function ignore(): void {}
