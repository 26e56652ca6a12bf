import type { DestinationStream } from 'pino'

/** So that a turn which logs without end holds little. */
const MOST_CHARACTERS = 64 * 1024

/**
 * Writes lines that can wait for the end of their turn of the event loop with one system call: an attempt's
 * line costs less than its own call would, and outcomes come many to a turn. In order with those that cannot
 * wait, and written too when the process ends in this turn by whatever it can still notice.
 */
export class TurnOutput implements DestinationStream {
  readonly #stream: DestinationStream
  #lines = ''

  constructor(stream: DestinationStream) {
    this.#stream = stream
    process.on('exit', () => this.#flush())
  }

  write(line: string): void {
    this.#lines += line
    this.#flush()
  }

  /** Written by the end of this turn. */
  writeInTurn(line: string): void {
    if (this.#lines === '') process.nextTick(() => this.#flush())
    this.#lines += line
    if (this.#lines.length > MOST_CHARACTERS) this.#flush()
  }

  #flush(): void {
    if (this.#lines === '') return
    const lines = this.#lines
    this.#lines = ''
    this.#stream.write(lines)
  }
}
