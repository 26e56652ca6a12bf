import { connect, type Socket } from 'node:net'
import { DialError } from '../dial-error.ts'
import { coalesced, lookupBySystem } from '../resolve.ts'
import type { ConnectAnswer } from './connect.ts'
import { EgressError } from './egress-error.ts'
import { Gate } from './gate.ts'
import type { EgressProxy } from './proxy.ts'
import { Witness } from './witness.ts'

const FORBIDDEN = 403
const PROBE_TIMEOUT_MS = 5_000

/** The way out through a proxy: what is known of it, and whose fault a failure on it is. */
export class Egress {
  readonly proxy: EgressProxy
  readonly gate: Gate
  readonly #witness = new Witness()
  readonly #lookup = coalesced(lookupBySystem)
  #probe: Socket | undefined

  constructor(proxy: EgressProxy, onChange: (isOpen: boolean) => void) {
    this.proxy = proxy
    this.gate = new Gate(() => this.#askAgain(), onChange)
  }

  /** A TCP connection to the proxy. Its name is the operator's: the system resolves it, nobody judges it. */
  connect(): Socket {
    const { hostname, port } = this.proxy
    return connect({
      host: hostname,
      port,
      lookup: (name, _options, callback) =>
        this.#lookup(name, (error, addresses) => callback(error, [...addresses])),
      autoSelectFamily: true,
      noDelay: true,
    })
  }

  close(): void {
    this.gate.close()
    this.#probe?.destroy()
  }

  #askAgain(): void {
    if (this.#probe) return
    const socket = this.connect()
    this.#probe = socket
    socket.setTimeout(PROBE_TIMEOUT_MS, () => socket.destroy())
    socket.once('connect', () => {
      this.gate.reached()
      socket.destroy()
    })
    socket
      .on('error', () => undefined)
      .once('close', () => {
        this.#probe = undefined
      })
  }

  opened(origin: string): void {
    this.#witness.opened(origin)
  }

  unreachable(cause?: unknown): EgressError {
    this.gate.unreachable()
    return new EgressError('unreachable', { cause })
  }

  refused(origin: string, { statusCode, blames }: ConnectAnswer): DialError | EgressError {
    const blamed = blames ?? this.#witness.refused(origin)
    if (blamed === 'proxy') return new EgressError('refused', { statusCode })
    const byRules = blamed === 'rules' || (blames === undefined && statusCode === FORBIDDEN)
    return byRules ? new DialError('blocked') : new DialError('connect', NOT_REACHED)
  }

  broken(origin: string): DialError | EgressError {
    return this.#witness.refused(origin) === 'proxy'
      ? new EgressError('broken')
      : new DialError('connect', NOT_REACHED)
  }

  /** No answer to CONNECT within the deadline; undefined if that counts against the receiver. */
  silent(origin: string): EgressError | undefined {
    return this.#witness.refused(origin) === 'proxy' ? new EgressError('silent') : undefined
  }
}

const NOT_REACHED = { code: 'EPROXY' }
