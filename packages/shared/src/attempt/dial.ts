import type { LookupAddress } from 'node:dns'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { AddressPolicy } from '../address/policy.ts'
import { DialError, type DialStage } from './dial-error.ts'
import type { Egress } from './egress/egress.ts'
import type { EgressError } from './egress/egress-error.ts'
import { openTunnel } from './egress/tunnel.ts'
import type { Lookup } from './resolve.ts'

export interface DialTarget {
  /** Name or address literal, without brackets. */
  readonly hostname: string
  readonly port: number
  readonly secure: boolean
}

/** Of a URL's parts; without a port the scheme's own. */
export function dialTarget(url: Pick<URL, 'protocol' | 'hostname' | 'port'>): DialTarget {
  const secure = url.protocol === 'https:'
  return { hostname: url.hostname, secure, port: Number(url.port) || (secure ? 443 : 80) }
}

export interface DialOptions {
  readonly policy: AddressPolicy
  readonly lookup: Lookup
  /** Certificates to trust instead of Node's, PEM. */
  readonly ca?: string
  /** Connections are made through a proxy. */
  readonly egress?: Egress
}

/** In ms. Filled in while it goes on. */
export interface DialTimes {
  dnsMs?: number
  connectMs?: number
  tlsMs?: number
}

/** What a receiver's TCP connection takes through a proxy is the way to the proxy and its tunnel. */
const MEASURED_AS: Record<DialStage, keyof DialTimes> = {
  dns: 'dnsMs',
  proxy: 'connectMs',
  tunnel: 'connectMs',
  connect: 'connectMs',
  tls: 'tlsMs',
}

type DialCallback = (error: DialError | EgressError | null, socket: Socket | null) => void

/** Of several addresses each but the last gets this long, so that a broken one costs no attempt. */
const ADDRESS_TIMEOUT_MS = 500

/**
 * Makes one connection:
 *
 *   literal ─────────────┐                ┌─▶ TCP ─▶ peer judged ─┐
 *   name ─▶ all addresses ┴─▶ each judged ─┤                       ├─▶ TLS ─▶ ready
 *                                          └─▶ proxy ─▶ tunnel ────┘
 *
 * One forbidden address refuses the name: a mixed answer is how rebinding looks. TCP goes to the
 * addresses that were judged and to no others, and the peer is judged before the first byte, TLS'
 * own included. A proxy is told the judged address, never the name. There is no timeout here: the
 * attempt's deadline cancels.
 */
export class Dial {
  readonly #target: DialTarget
  readonly #options: DialOptions
  readonly #isLiteral: boolean
  readonly #times: DialTimes = {}
  #stage: DialStage = 'dns'
  #stageStarted = performance.now()
  /** Below TLS, if there is any; once it leads to the receiver. */
  tcp: Socket | undefined
  #callback: DialCallback | undefined
  #socket: Socket | undefined

  constructor(target: DialTarget, options: DialOptions, callback: DialCallback) {
    this.#target = target
    this.#options = options
    this.#callback = callback
    const family = isIP(target.hostname)
    this.#isLiteral = family !== 0
    if (family !== 0) this.#judge([{ address: target.hostname, family }])
    else this.#resolve()
  }

  /** Gives up; the callback is not called any more. */
  cancel(): void {
    this.#callback = undefined
    this.#socket?.destroy()
  }

  get stage(): DialStage {
    return this.#stage
  }

  /** What each stage has taken; the one under way until now. */
  measured(): DialTimes {
    if (this.#callback !== undefined) this.#endStage()
    return this.#times
  }

  #begin(stage: DialStage): void {
    this.#endStage()
    this.#stage = stage
  }

  #endStage(): void {
    const now = performance.now()
    const name = MEASURED_AS[this.#stage]
    const before = this.#times[name] ?? 0
    if (this.#stage !== 'dns' || !this.#isLiteral) {
      this.#times[name] = before + now - this.#stageStarted
    }
    this.#stageStarted = now
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
    if (!addresses.every(({ address }) => policy.allows(address))) {
      this.#fail(new DialError('blocked'))
    } else if (this.#options.egress) {
      // What a proxy reaches is not known; IPv4 is the likelier.
      const ordered = addresses.toSorted((a, b) => a.family - b.family)
      this.#enter(this.#options.egress, ordered[0] as LookupAddress, ordered.slice(1))
    } else {
      this.#connect(addresses)
    }
  }

  #enter(egress: Egress, address: LookupAddress, others: readonly LookupAddress[]): void {
    this.#begin('proxy')
    const socket = egress.connect()
    this.#socket = socket
    const onError = (error: Error) => this.#fail(egress.unreachable(error))
    socket.once('error', onError)
    socket.once('connect', () => {
      socket.removeListener('error', onError)
      egress.gate.reached()
      this.#tunnel(egress, socket, address, others)
    })
  }

  #tunnel(
    egress: Egress,
    socket: Socket,
    { address }: LookupAddress,
    [next, ...others]: readonly LookupAddress[],
  ): void {
    this.#begin('tunnel')
    openTunnel(socket, egress.proxy, { address, port: this.#target.port }, (end) => {
      if (this.#callback === undefined) return
      if (end === 'open') {
        egress.opened(this.#name)
        this.#ready(socket)
        return
      }
      socket.on('error', ignore).destroy()
      if (next && end !== 'broken') this.#enter(egress, next, others)
      else if (end === 'broken') this.#fail(egress.broken(this.#name))
      else this.#fail(egress.refused(this.#name, end))
    })
  }

  /** The attempt's deadline has passed. An error if that is the egress proxy's fault. */
  expired(): EgressError | undefined {
    const { egress } = this.#options
    if (this.#stage === 'proxy') return egress?.unreachable()
    return this.#stage === 'tunnel' ? egress?.silent(this.#name) : undefined
  }

  get #name(): string {
    return `${this.#target.hostname}:${this.#target.port}`
  }

  #connect(addresses: readonly LookupAddress[]): void {
    this.#begin('connect')
    const { hostname, port } = this.#target
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
      this.#ready(socket)
    })
  }

  /** What is written now goes to the receiver. */
  #ready(socket: Socket): void {
    this.tcp = socket
    if (this.#target.secure) this.#secure(socket)
    else this.#succeed(socket)
  }

  #secure(tcp: Socket): void {
    this.#begin('tls')
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
    this.#endStage()
    const callback = this.#callback
    this.#callback = undefined
    this.#socket = undefined
    if (callback) callback(null, socket)
    else socket.destroy()
  }

  #fail(error: DialError | EgressError): void {
    this.#endStage()
    const callback = this.#callback
    this.#callback = undefined
    this.#socket?.on('error', ignore).destroy()
    // Never within the constructor: the caller does not hold the dial yet.
    if (callback) process.nextTick(callback, error, null)
  }
}

function ignore(): void {}
