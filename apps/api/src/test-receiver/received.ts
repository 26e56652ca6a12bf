import type { SignatureFault } from '@posthorn/shared/signature/standard.ts'

export const ANSWERS = ['succeed', 'fail', 'slow', 'hang'] as const
/** What the receiver does with a request. */
export type Answer = (typeof ANSWERS)[number]

/** A request as it is shown: no value of a secret header, the start of its body. */
export interface Received {
  readonly at: string
  /** Absent: its signature fits. */
  readonly fault?: SignatureFault
  /** The status that is answered; null when none is. */
  readonly answered: number | null
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const KEPT = 100
const KEPT_BODY_BYTES = 4_096
const TENANTS_TOLD = 1_000

/**
 * What the receiver is told and what it got, in this process alone. Bounded whatever comes: 100 requests
 * over all tenants (of a body 4 KiB; Node allows 16 KiB of headers), so at most 2 MiB, and 1,000 tenants'
 * answers, of which the one told longest ago is forgotten and succeeds again.
 */
export class TestReceiverMemory {
  readonly #answers = new Map<string, Answer>()
  readonly #received: { readonly tenant: string; readonly request: Received }[] = []

  answerOf(tenant: string): Answer {
    return this.#answers.get(tenant) ?? 'succeed'
  }

  tell(tenant: string, answer: Answer): void {
    this.#answers.delete(tenant) // Last in the map is told last.
    this.#answers.set(tenant, answer)
    const [oldest] = this.#answers.keys()
    if (this.#answers.size > TENANTS_TOLD && oldest !== undefined) this.#answers.delete(oldest)
  }

  keep(tenant: string, request: Omit<Received, 'body'>, bytes: Buffer): void {
    const body = bytes.subarray(0, KEPT_BODY_BYTES).toString('utf8')
    this.#received.unshift({ tenant, request: { ...request, body } })
    this.#received.length = Math.min(this.#received.length, KEPT)
  }

  /** Newest first. */
  receivedBy(tenant: string): Received[] {
    return this.#received.filter((one) => one.tenant === tenant).map(({ request }) => request)
  }
}
