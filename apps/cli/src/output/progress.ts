import { SingleBar } from 'cli-progress'

/** A bar on the terminal; nothing where nobody watches. */
export class Progress {
  readonly #bar: SingleBar | undefined

  /** @param stream where people look; what is asked for goes to stdout */
  constructor(
    what: string,
    total: number | undefined,
    isQuiet: boolean,
    stream: NodeJS.WriteStream = process.stderr,
  ) {
    if (isQuiet || !stream.isTTY) return
    this.#bar = new SingleBar({
      format: `${what} {bar} {value}/{total} · {eta_formatted} left`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
      stream,
    })
    this.#bar.start(total ?? 0, 0)
  }

  update(done: number, total?: number): void {
    if (total !== undefined) this.#bar?.setTotal(total)
    this.#bar?.update(done)
  }

  end(): void {
    this.#bar?.stop()
  }
}
