import { SingleBar } from 'cli-progress'

/** A bar on the terminal; nothing where nobody watches. */
export class Progress {
  readonly #bar: SingleBar | undefined

  constructor(what: string, total: number | undefined, isQuiet: boolean) {
    if (isQuiet || !process.stderr.isTTY) return
    this.#bar = new SingleBar({
      format: `${what} {bar} {value}/{total} · {eta_formatted} left`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
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
