import { connect, type Socket } from 'node:net'
import { TENANT_MARK, TIME_MARK, tenantText, timeText } from './payload.ts'
import type { Target } from './target.ts'

type OnAnswer = (connection: PublishConnection, status: number, answer: string) => void

/**
 * One kept-alive HTTP connection with one publish at a time. The request's bytes are made once and
 * only the time in them, and the tenant, is written anew: an HTTP client would cost more than what is measured.
 */
export class PublishConnection {
  readonly #socket: Socket
  readonly #request: Buffer
  readonly #timeAt: number
  readonly #tenantAt: number
  readonly #onAnswer: OnAnswer
  #answer = ''

  private constructor(socket: Socket, request: Buffer, onAnswer: OnAnswer) {
    this.#socket = socket
    this.#request = request
    this.#timeAt = request.indexOf(TIME_MARK) + TIME_MARK.length
    this.#tenantAt = request.indexOf(TENANT_MARK) + TENANT_MARK.length
    this.#onAnswer = onAnswer
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  static async open(
    target: Target,
    body: string,
    onAnswer: OnAnswer,
    onError: (error: Error) => void,
  ): Promise<PublishConnection> {
    const socket = connect({ port: target.port, host: '127.0.0.1', noDelay: true })
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject)
    })
    socket.on('error', onError)
    // What was in the air on it would never be answered.
    socket.on('close', () => onError(new Error('The server closed a connection')))
    return new PublishConnection(socket, requestBytes(target, body), onAnswer)
  }

  /** `atMs` is when the event was due, in the machine's clock; a tenant only where the body names one. */
  publish(atMs: number, tenant?: number): void {
    this.#request.write(timeText(atMs), this.#timeAt, 'latin1')
    if (tenant !== undefined) this.#request.write(tenantText(tenant), this.#tenantAt, 'latin1')
    this.#socket.write(this.#request)
  }

  close(): void {
    this.#socket.removeAllListeners('close').removeAllListeners('error')
    this.#socket.on('error', () => undefined)
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#answer += chunk.toString('latin1')
    const headEnd = this.#answer.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#answer)?.[1]
    if (this.#answer.length < headEnd + 4 + Number(length ?? 0)) return
    const answer = this.#answer
    this.#answer = ''
    this.#onAnswer(this, Number(answer.slice(9, 12)), answer)
  }
}

function requestBytes(target: Target, body: string): Buffer {
  const headers = Object.entries({
    host: `127.0.0.1:${target.port}`,
    'content-type': 'application/json',
    'content-length': String(body.length),
    ...target.headers,
  })
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.from(`POST ${target.path} HTTP/1.1\r\n${lines}\r\n${body}`, 'latin1')
}
