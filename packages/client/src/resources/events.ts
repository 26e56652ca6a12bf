import type { EventFilter, EventView, ReplayEvent } from '../api/schema.ts'
import { type List, list } from '../list/list.ts'
import type { CallOptions } from '../request/connection.ts'
import { path, type Requests } from './requests.ts'

/** An event's id is unique within its tenant only. */
interface Named extends CallOptions {
  /** Unless given: the key's, else `default`. */
  readonly tenant?: string | undefined
}

/** `/v1/events`: what was published. */
export class Events {
  readonly #requests: Requests

  constructor(requests: Requests) {
    this.#requests = requests
  }

  /** At most a second behind. */
  list(filter: EventFilter = {}, options?: CallOptions): List<EventView> {
    return list(this.#requests.connection, '/v1/events', filter, options)
  }

  /** With its deliveries, or why there are none. */
  get(id: string, { tenant, ...options }: Named = {}): Promise<EventView> {
    return this.#requests.get(path`/v1/events/${id}`, { tenant }, options)
  }

  /** Sends it again: to all webhooks that match it now, or to those named. */
  replay(
    id: string,
    what: ReplayEvent = {},
    { tenant, ...options }: Named = {},
  ): Promise<{ readonly deliveries: readonly string[] }> {
    const query = { tenant }
    return this.#requests.act('POST', path`/v1/events/${id}/replay`, what, { ...options, query })
  }
}
