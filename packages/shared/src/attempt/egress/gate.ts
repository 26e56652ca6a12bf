import { EgressError } from './egress-error.ts'

const PROBE_EVERY_MS = 1_000
/** So long somebody waits at a closed gate: a job must not be held for ever, nor a shutdown. */
const PATIENCE_MS = 5_000

/**
 * Holds attempts back while the egress proxy cannot be reached:
 *
 *   open ── no TCP connection ──▶ closed, probed each second
 *     ▲                                      │
 *     └─────────── a TCP connection ─────────┘
 */
export class Gate {
  readonly #probe: () => void
  readonly #onChange: (isOpen: boolean) => void
  #timer: NodeJS.Timeout | undefined
  readonly #waiting = new Set<() => void>()

  /** @param probe to call `reached` if the proxy can be reached */
  constructor(probe: () => void, onChange: (isOpen: boolean) => void) {
    this.#probe = probe
    this.#onChange = onChange
  }

  get isOpen(): boolean {
    return this.#timer === undefined
  }

  /** @throws EgressError when it stays closed */
  async pass(): Promise<void> {
    if (this.isOpen) return
    await new Promise<void>((resolve, reject) => {
      const giveUp = setTimeout(() => {
        this.#waiting.delete(go)
        reject(new EgressError('unreachable'))
      }, PATIENCE_MS)
      const go = () => {
        clearTimeout(giveUp)
        resolve()
      }
      this.#waiting.add(go)
    })
  }

  /** There is a TCP connection to the proxy. */
  reached(): void {
    if (this.isOpen) return
    this.close()
    this.#onChange(true)
  }

  unreachable(): void {
    if (!this.isOpen) return
    this.#timer = setInterval(this.#probe, PROBE_EVERY_MS)
    this.#onChange(false)
  }

  /** Ends the probing; who waits goes on. */
  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    for (const go of this.#waiting) go()
    this.#waiting.clear()
  }
}
