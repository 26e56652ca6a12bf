import type { DeadLetter, DeadLetterCommand, DeadLetterFilter, Task } from '../api/schema.ts'
import { type List, list } from '../list/list.ts'
import type { CallOptions } from '../request/connection.ts'
import type { Requests } from './requests.ts'

/** `/v1/dead-letters`: deliveries that ended undelivered. */
export class DeadLetters {
  readonly #requests: Requests

  constructor(requests: Requests) {
    this.#requests = requests
  }

  /** At most a second behind. */
  list(filter: DeadLetterFilter = {}, options?: CallOptions): List<DeadLetter> {
    return list(this.#requests.connection, '/v1/dead-letters', filter, options)
  }

  /** Sends them again: by `ids`, by a filter, or with `all: true`. */
  redrive(which: DeadLetterCommand, options?: CallOptions): Promise<Task> {
    return this.#requests.act('POST', '/v1/dead-letters/redrive', which, options)
  }

  /** Gives them up. */
  purge(which: DeadLetterCommand, options?: CallOptions): Promise<Task> {
    return this.#requests.act('POST', '/v1/dead-letters/purge', which, options)
  }

  /** How many `redrive` and `purge` would touch. */
  async count(which: DeadLetterCommand, options?: CallOptions): Promise<number> {
    const body = { ...which, dryRun: true }
    const answer = await this.#requests.set('POST', '/v1/dead-letters/redrive', body, options)
    return (answer as { count: number }).count
  }
}
