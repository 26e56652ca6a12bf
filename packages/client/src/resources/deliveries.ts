import type { Delivery, DeliveryFilter, DeliveryRequest } from '../api/schema.ts'
import { type List, list } from '../list/list.ts'
import type { CallOptions } from '../request/connection.ts'
import { path, type Requests } from './requests.ts'

/** `/v1/deliveries`: one event for one webhook, with each attempt. */
export class Deliveries {
  readonly #requests: Requests

  constructor(requests: Requests) {
    this.#requests = requests
  }

  /** At most a second behind, and without the bodies of the attempts. */
  list(filter: DeliveryFilter = {}, options?: CallOptions): List<Delivery> {
    return list(this.#requests.connection, '/v1/deliveries', filter, options)
  }

  get(id: string, options?: CallOptions): Promise<Delivery> {
    return this.#requests.get(path`/v1/deliveries/${id}`, undefined, options)
  }

  /** The request as it would be sent now, signed: for what forwards it by itself. */
  request(id: string, options?: CallOptions): Promise<DeliveryRequest> {
    return this.#requests.get(path`/v1/deliveries/${id}/request`, undefined, options)
  }

  /** Sends it now, whatever its status. */
  retry(id: string, options?: CallOptions): Promise<Delivery> {
    return this.#requests.act('POST', path`/v1/deliveries/${id}/retry`, {}, options)
  }

  cancel(id: string, options?: CallOptions): Promise<Delivery> {
    return this.#requests.act('POST', path`/v1/deliveries/${id}/cancel`, {}, options)
  }
}
