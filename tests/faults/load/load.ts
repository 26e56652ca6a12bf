import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '../../harness/client.ts'
import { upTo } from '../../harness/wait.ts'
import { machineMs } from '../clock.ts'
import type { Random } from '../random.ts'
import { entryOf, eventId } from './events.ts'
import type { Published } from './published.ts'

export interface LoadOptions {
  readonly tenant: string
  readonly published: Published
  readonly random: Random
  readonly clients: readonly Client[]
  /** Lanes that publish one event after the other, and lanes that publish batches. */
  readonly singles: number
  readonly batches: number
  readonly largestBatch: number
  /** Events that may be on their way: publishing waits when more are. */
  readonly window: number
  readonly arrived: () => number
}

/** After anything but a 202 a lane waits this long, so that an outage is no busy loop. */
const PATIENCE_MS = 100
const WINDOW_LOOK_MS = 5
const GIVE_UP_AFTER_MS = 60_000

type Answered = { readonly taken: readonly number[]; readonly status: number }

/**
 * Patient producers: each event has an id, and what got no 202 is sent again with the same id, through
 * any API, until it gets one.
 */
export class FaultLoad {
  /** How long a single publish took to be refused, at the most. */
  readonly refusals = { count: 0, slowestMs: 0 }
  /** Answers that are neither 202 nor a 503 with Retry-After. */
  readonly surprises: string[] = []
  readonly #options: LoadOptions
  readonly #lanes: Promise<void>[]
  #stopped = false

  constructor(options: LoadOptions) {
    this.#options = options
    this.#lanes = [
      ...upTo(options.singles).map(() => this.#run(() => 1)),
      ...upTo(options.batches).map(() =>
        this.#run(() => options.random.between(2, options.largestBatch)),
      ),
    ]
  }

  /** Ends when every event that was begun has been answered 202, or a minute has gone by. */
  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#lanes)
  }

  async #run(size: () => number): Promise<void> {
    const { published } = this.#options
    while (!this.#stopped) {
      if (published.next - this.#options.arrived() > this.#options.window) {
        await pause(WINDOW_LOOK_MS)
        continue
      }
      await this.#publishUntilTaken(published.claim(size()))
    }
  }

  async #publishUntilTaken(numbers: readonly number[]): Promise<void> {
    let waiting = numbers
    let giveUpMs = Number.POSITIVE_INFINITY
    for (;;) {
      const { taken, status } = await this.#publish(waiting)
      this.#options.published.acknowledge(taken)
      if (taken.length === waiting.length) return
      const done = new Set(taken)
      waiting = waiting.filter((n) => !done.has(n))
      if (status !== 202 && status !== 503 && status !== 0) return
      if (this.#stopped) giveUpMs = Math.min(giveUpMs, machineMs() + GIVE_UP_AFTER_MS)
      if (machineMs() > giveUpMs) return
      await pause(PATIENCE_MS)
    }
  }

  async #publish(numbers: readonly number[]): Promise<Answered> {
    const client = this.#options.random.pick(this.#options.clients)
    const from = machineMs()
    const entries = numbers.map((n) => entryOf(this.#options.tenant, n))
    const isBatch = numbers.length > 1
    try {
      const answer = await client.call<BatchAnswer>(
        'POST',
        isBatch ? '/v1/events/batch' : '/v1/events',
        {
          raw: entries.join('\n'),
          contentType: isBatch ? 'application/x-ndjson' : 'application/json',
        },
      )
      const { status } = answer
      const tookMs = isBatch ? 0 : machineMs() - from
      this.#judge(status, answer.headers['retry-after'], tookMs, answer.text)
      if (status !== 202) return { taken: [], status }
      if (!isBatch) return { taken: numbers, status }
      return { taken: this.#takenOf(numbers, answer.body), status }
    } catch {
      return { taken: [], status: 0 }
    }
  }

  #takenOf(numbers: readonly number[], { results }: BatchAnswer): number[] {
    return numbers.filter((n, i) => {
      const result = results[i]
      if (result?.id === eventId(n)) return true
      if (result?.problem?.status === 503) this.refusals.count++
      else this.surprises.push(`an entry of a batch: ${JSON.stringify(result)}`)
      return false
    })
  }

  #judge(status: number, retryAfter: unknown, tookMs: number, text: string): void {
    if (status === 202) return
    if (status !== 503) this.surprises.push(`${status} ${text.slice(0, 200)}`)
    else if (!(Number(retryAfter) > 0)) this.surprises.push('a 503 without Retry-After')
    this.refusals.count++
    this.refusals.slowestMs = Math.max(this.refusals.slowestMs, tookMs)
  }
}

interface BatchAnswer {
  readonly results: readonly { readonly id?: string; readonly problem?: { status: number } }[]
}
