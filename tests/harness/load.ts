import { setTimeout as pause } from 'node:timers/promises'
import type { Tenant } from './tenant.ts'
import { inParallel, upTo } from './wait.ts'

export interface LoadAnswer {
  readonly id: string
  /** 0 when the connection failed. */
  readonly status: number
  readonly startedMs: number
  readonly durationMs: number
  readonly retryAfter?: string
  readonly contentType?: string
}

/** After anything but a 202 a lane waits this long, so that an outage is no busy loop. */
const PATIENCE_MS = 100

/**
 * Producers that publish one event after the other until told to stop, as a producer should: with
 * an id of their own, so that what was not answered by a 202 can be sent again.
 */
export class Load {
  readonly answers: LoadAnswer[] = []
  readonly #tenant: Tenant
  readonly #name: string
  readonly #lanes: Promise<void>[]
  #stopped = false

  readonly #everyMs: number

  /** @param everyMs how long a lane rests after each of its events */
  constructor(tenant: Tenant, name: string, lanes: number, everyMs = 0) {
    this.#tenant = tenant
    this.#name = name
    this.#everyMs = everyMs
    this.#lanes = upTo(lanes).map((lane) => this.#run(lane))
  }

  async #run(lane: number): Promise<void> {
    for (let n = 0; !this.#stopped; n++) {
      const answer = await this.#publish(`${this.#name}-${lane}-${n}`)
      this.answers.push(answer)
      if (answer.status !== 202) await pause(PATIENCE_MS)
      else if (this.#everyMs > 0) await pause(this.#everyMs)
    }
  }

  async #publish(id: string): Promise<LoadAnswer> {
    const startedMs = performance.now()
    const from = performance.now()
    const body = this.#tenant.entry({ id, data: { id, filler: 'x'.repeat(200) } })
    try {
      const answer = await this.#tenant.client.call('POST', '/v1/events', { body })
      const durationMs = performance.now() - from
      const header = (name: string): string => String(answer.headers[name] ?? '')
      const [retryAfter, contentType] = [header('retry-after'), header('content-type')]
      return { id, status: answer.status, startedMs, durationMs, retryAfter, contentType }
    } catch {
      return { id, status: 0, startedMs, durationMs: performance.now() - from }
    }
  }

  /** Ids that were answered with 202. */
  get accepted(): string[] {
    return this.answers.filter((each) => each.status === 202).map((each) => each.id)
  }

  get unanswered(): string[] {
    return this.answers.filter((each) => each.status !== 202).map((each) => each.id)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#lanes)
  }

  /** Sends again, through this tenant's API, what got no 202; each must get one now. */
  async repeat(tenant: Tenant): Promise<string[]> {
    const ids = this.unanswered
    await inParallel(ids, 16, async (id) => {
      await tenant.publishUntilTaken({ id, data: { id, filler: 'x'.repeat(200) } })
    })
    return ids
  }
}
