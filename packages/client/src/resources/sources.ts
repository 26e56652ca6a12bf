import type { Source, SourceFilter, SourceInput, SourcePatch } from '../api/schema.ts'
import { type List, list } from '../list/list.ts'
import type { CallOptions } from '../request/connection.ts'
import { path, type Requests } from './requests.ts'

/** `/v1/sources`: somebody else's webhooks, taken as events. */
export class Sources {
  readonly #requests: Requests

  constructor(requests: Requests) {
    this.#requests = requests
  }

  list(filter: SourceFilter = {}, options?: CallOptions): List<Source> {
    return list(this.#requests.connection, '/v1/sources', filter, options)
  }

  /** The sender then posts to its `path`. */
  create(source: SourceInput, options?: CallOptions): Promise<Source> {
    return this.#requests.act('POST', '/v1/sources', source, options)
  }

  get(id: string, options?: CallOptions): Promise<Source> {
    return this.#requests.get(path`/v1/sources/${id}`, undefined, options)
  }

  /** `secrets: [theNewOne, '***']` takes both; later `['***']` keeps the first alone. */
  update(id: string, patch: SourcePatch, options?: CallOptions): Promise<Source> {
    return this.#requests.set('PATCH', path`/v1/sources/${id}`, patch, options)
  }

  delete(id: string, options?: CallOptions): Promise<void> {
    return this.#requests.act('DELETE', path`/v1/sources/${id}`, undefined, options)
  }
}
