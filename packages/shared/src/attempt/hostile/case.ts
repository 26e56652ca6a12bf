import type { Socket } from 'node:net'
import type { AttemptResult } from '../result.ts'

/** What a receiver's name stands for in the corpus' own name server (serve.ts). */
export const HOSTS = {
  ordinary: 'hooks.test',
  servfail: 'servfail.test',
  nxdomain: 'nxdomain.test',
  nothing: 'nothing.test',
  silent: 'silent.test',
  /** An allowed address when first asked for, the metadata address from then on. */
  moving: 'moving.test',
} as const

export type Certificate = 'good' | 'expired' | 'self-signed' | 'wrong-host' | 'unknown-authority'

/** What is expected of an attempt's result; a pattern for its text. */
export type Expected = Pick<AttemptResult, 'outcome'> &
  Partial<Pick<AttemptResult, 'statusCode' | 'responseBytes' | 'retryAfter'>> & {
    readonly error?: RegExp
    /** How long the verdict then waits, in ms, by a policy of 5 s. */
    readonly waitMs?: number
  }

/** One way in which a receiver misbehaves, and how an attempt at it has to end. */
export interface HostileCase {
  readonly name: string
  readonly expected: Expected
  /** Does its worst as soon as TCP is there, before TLS. */
  readonly onConnection?: (socket: Socket) => void
  /** Does its worst once a request has come whole; `count` is its number on the connection, from 1. */
  readonly onRequest?: (socket: Socket, count: number) => void
  /** With TLS; `h2` speaks nothing but HTTP/2, `old` nothing above TLS 1.1. */
  readonly tls?: Certificate | 'h2' | 'old'
  /** Asked for by https although it speaks no TLS. */
  readonly https?: true
  readonly host?: string
  /** Nobody listens at its port. */
  readonly absent?: true
  /** Size of the request's body; a few bytes otherwise. */
  readonly bodyBytes?: number
  /** Ordinary requests that are answered before, on the same connection if it is kept. */
  readonly warmUps?: number
  /** The attempt's deadline. A case without one has to end well before its own, by itself. */
  readonly silentForMs?: number
}

/** Deadline of attempts that only the deadline ends. */
export const SILENCE_MS = 250

export const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

export const says =
  (...parts: readonly (string | Buffer)[]) =>
  (socket: Socket): void => {
    for (const part of parts) socket.write(part)
  }

export const saysAndEnds = (text: string) => (socket: Socket) => {
  socket.end(text)
}

export const saysAndResets = (text: string) => (socket: Socket) => {
  socket.write(text, () => socket.resetAndDestroy())
}

/** Writes piece after piece, as fast as they are taken or each after a pause, until the peer goes. */
export function pours(first: string, piece: Buffer | string, pauseMs?: number) {
  return (socket: Socket): void => {
    socket.setNoDelay(true).write(first)
    if (pauseMs !== undefined) {
      const timer = setInterval(() => socket.write(piece), pauseMs)
      socket.once('close', () => clearInterval(timer))
      return
    }
    const pour = () => {
      while (!socket.destroyed && socket.write(piece));
    }
    socket.on('drain', pour)
    pour()
  }
}
