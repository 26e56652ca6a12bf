type Turn<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'end' }
  | { readonly kind: 'late' }

/** The values of a source, one at a time, with a limit to how long one is waited for. */
export class Turns<T> {
  readonly #iterator: Iterator<T> | AsyncIterator<T>
  /** A value that was asked for and has not come yet: the next turn waits for it further. */
  #asked: Promise<IteratorResult<T>> | undefined
  #ended = false

  constructor(source: Iterable<T> | AsyncIterable<T>) {
    this.#iterator =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  }

  /** `late`: nothing came within the time. Throws what the source throws. */
  async next(withinMs: number | undefined): Promise<Turn<T>> {
    this.#asked ??= this.#ask()
    const result = await within(withinMs, this.#asked)
    if (result === undefined) return { kind: 'late' }
    this.#asked = undefined
    if (!result.done) return { kind: 'value', value: result.value }
    this.#ended = true
    return { kind: 'end' }
  }

  /** Lets the source clean up, if it has not come to its end. */
  async leave(): Promise<void> {
    if (this.#ended) return
    // One that is waited for may never come; its failure is nobody's any more.
    this.#asked?.catch(() => undefined)
    const left = this.#iterator.return?.()
    if (this.#asked === undefined) await left
    else Promise.resolve(left).catch(() => undefined)
  }

  async #ask(): Promise<IteratorResult<T>> {
    try {
      return await this.#iterator.next()
    } catch (error) {
      this.#ended = true
      throw error
    }
  }
}

/** undefined when the time is over before the promise has settled. */
async function within<T>(ms: number | undefined, promise: Promise<T>): Promise<T | undefined> {
  if (ms === undefined) return await promise
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
