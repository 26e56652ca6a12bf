import { connect, type Socket } from 'node:net'

const ASK_EVERY_MS = 3

/** Follows how many deliveries the receiver has counted. */
export class Progress {
  readonly #socket: Socket
  readonly #timer: NodeJS.Timeout
  received = 0
  onChange: () => void = () => undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      // The last of whatever came together is the newest.
      this.received = Number(chunk.toString('latin1').trimEnd().split('\n').at(-1))
      this.onChange()
    })
    this.#timer = setInterval(() => socket.write('GET'), ASK_EVERY_MS)
  }

  /** Resolves when it knows the count. */
  static async open(port: number): Promise<Progress> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      const progress = new Progress(socket)
      progress.onChange = () => resolve(progress)
    })
  }

  close(): void {
    clearInterval(this.#timer)
    this.#socket.destroy()
  }
}
