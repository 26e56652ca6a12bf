import type { ApiKey, ApiKeyFilter, ApiKeyInput, CreatedApiKey } from '../api/schema.ts'
import { type List, list } from '../list/list.ts'
import type { CallOptions } from '../request/connection.ts'
import { path, type Requests } from './requests.ts'

/** `/v1/api-keys`: who may do what. */
export class ApiKeys {
  readonly #requests: Requests

  constructor(requests: Requests) {
    this.#requests = requests
  }

  list(filter: ApiKeyFilter = {}, options?: CallOptions): List<ApiKey> {
    return list(this.#requests.connection, '/v1/api-keys', filter, options)
  }

  /** The key is shown in this answer only. */
  create(key: ApiKeyInput, options?: CallOptions): Promise<CreatedApiKey> {
    return this.#requests.act('POST', '/v1/api-keys', key, options)
  }

  /** Once this is answered no process accepts the key any more. */
  delete(id: string, options?: CallOptions): Promise<void> {
    return this.#requests.act('DELETE', path`/v1/api-keys/${id}`, undefined, options)
  }
}
