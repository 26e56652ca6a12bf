import type { LookupAddress } from 'node:dns'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { AddressPolicy } from '../address/policy.ts'
import { DialError, type DialStage } from './dial-error.ts'
import type { Lookup } from './resolve.ts'

export interface DialTarget {
  /** Name or address literal, without brackets. */
  readonly hostname: string
  readonly port: number
  readonly secure: boolean
}

export interface DialOptions {
  readonly policy: AddressPolicy
  readonly lookup: Lookup
  /** Certificates to trust instead of Node's, PEM. */
  readonly ca?: string
}

type DialCallback = (error: DialError | null, socket: Socket | null) => void

/** Of several addresses each but the last gets this long, so that a broken one costs no attempt. */
const ADDRESS_TIMEOUT_MS = 500

/**
 * Makes one connection:
 *
 *   literal ─────────────┐
 *   name ─▶ all addresses ┴─▶ each judged ─▶ TCP ─▶ peer judged ─▶ TLS ─▶ ready
 *
 * One forbidden address refuses the name: a mixed answer is how rebinding looks. TCP goes to the
 * addresses that were judged and to no others, and the peer is judged before the first byte, TLS'
 * own included. There is no timeout here: the attempt's deadline cancels.
 */
export class Dial {
  stage: DialStage = 'dns'
  readonly #target: DialTarget
  readonly #options: DialOptions
  #callback: DialCallback | undefined
  #socket: Socket | undefined

  constructor(target: DialTarget, options: DialOptions, callback: DialCallback) {
    this.#target = target
    this.#options = options
    this.#callback = callback
    const family = isIP(target.hostname)
    if (family !== 0) this.#judge([{ address: target.hostname, family }])
    else this.#resolve()
  }

  /** Gives up; the callback is not called any more. */
  cancel(): void {
    this.#callback = undefined
    this.#socket?.destroy()
  }

  #resolve(): void {
    this.#options.lookup(this.#target.hostname, (error, addresses) => {
      if (this.#callback === undefined) return
      if (error || addresses.length === 0) this.#fail(new DialError('dns', error ?? undefined))
      else this.#judge(addresses)
    })
  }

  #judge(addresses: readonly LookupAddress[]): void {
    const { policy } = this.#options
    if (addresses.every(({ address }) => policy.allows(address))) this.#connect(addresses)
    else this.#fail(new DialError('blocked'))
  }

  #connect(addresses: readonly LookupAddress[]): void {
    this.stage = 'connect'
    const { hostname, port, secure } = this.#target
    const socket = connectTcp({
      host: hostname,
      port,
      // Node does not ask `lookup` for literals; they were judged above.
      lookup: (_name, _options, callback) => callback(null, [...addresses]),
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
      noDelay: true,
    })
    this.#socket = socket
    const onError = (error: Error) => this.#fail(new DialError('connect', error))
    socket.once('error', onError)
    socket.once('connect', () => {
      if (!this.#options.policy.allows(socket.remoteAddress ?? '')) {
        this.#fail(new DialError(socket.remoteAddress === undefined ? 'connect' : 'blocked'))
        return
      }
      socket.removeListener('error', onError)
      if (secure) this.#secure(socket)
      else this.#succeed(socket)
    })
  }

  #secure(tcp: Socket): void {
    this.stage = 'tls'
    const { hostname } = this.#target
    const { ca } = this.#options
    // Sessions are not resumed: a resumed one skips the certificate's check.
    const socket = connectTls({
      socket: tcp,
      host: hostname,
      ...(isIP(hostname) === 0 && { servername: hostname.replace(/\.$/, '') }),
      ALPNProtocols: ['http/1.1'],
      ...(ca !== undefined && { ca }),
    })
    this.#socket = socket
    const onError = (error: Error) => this.#fail(new DialError('tls', error))
    socket.once('error', onError)
    socket.once('secureConnect', () => {
      socket.removeListener('error', onError)
      this.#succeed(socket)
    })
  }

  #succeed(socket: Socket): void {
    const callback = this.#callback
    this.#callback = undefined
    this.#socket = undefined
    if (callback) callback(null, socket)
    else socket.destroy()
  }

  #fail(error: DialError): void {
    const callback = this.#callback
    this.#callback = undefined
    this.#socket?.on('error', ignore).destroy()
    // Never within the constructor: the caller does not hold the dial yet.
    if (callback) process.nextTick(callback, error, null)
  }
}

function ignore(): void {}
