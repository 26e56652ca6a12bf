import { DialError } from '../dial-error.ts'
import type { ConnectAnswer } from './connect.ts'
import { EgressError } from './egress-error.ts'
import { Gate } from './gate.ts'
import type { EgressProxy } from './proxy.ts'
import { Witness } from './witness.ts'

const FORBIDDEN = 403

/** The way out through a proxy: what is known of it, and whose fault a failure on it is. */
export class Egress {
  readonly proxy: EgressProxy
  readonly gate: Gate
  readonly #witness = new Witness()

  constructor(proxy: EgressProxy, onChange: (isOpen: boolean) => void) {
    this.proxy = proxy
    this.gate = new Gate(onChange)
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
