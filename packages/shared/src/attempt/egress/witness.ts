/** Origins that were refused and are remembered at the most; the one refused longest ago goes first. */
const MAX_ORIGINS = 10_000

/**
 * Whose fault a refusal is that names nobody: a proxy answers 502 or 503, or nothing, as well for a
 * receiver that is down as when it is in trouble itself. The first refusal of an origin counts against
 * the proxy; one that follows after the proxy has opened a connection to somebody else counts against
 * the receiver. So a proxy in trouble costs no webhook anything, and a dead receiver costs two tries
 * where others get through.
 */
export class Witness {
  #opened = 0
  /** Origin → what had been opened when it was last refused. */
  readonly #refused = new Map<string, number>()

  opened(origin: string): void {
    this.#opened += 1
    this.#refused.delete(origin)
  }

  refused(origin: string): 'proxy' | 'receiver' {
    const before = this.#refused.get(origin)
    this.#refused.delete(origin)
    this.#refused.set(origin, this.#opened)
    for (const oldest of this.#refused.keys()) {
      if (this.#refused.size <= MAX_ORIGINS) break
      this.#refused.delete(oldest)
    }
    return before !== undefined && this.#opened > before ? 'receiver' : 'proxy'
  }
}
