import type { PortalLink, PortalLinkInput } from '../api/schema.ts'
import type { CallOptions } from '../request/connection.ts'
import type { Requests } from './requests.ts'

/** `/v1/portal-links`: pages where your customers manage their webhooks themselves. */
export class PortalLinks {
  readonly #requests: Requests

  constructor(requests: Requests) {
    this.#requests = requests
  }

  /** A link to one tenant's portal, to open or to frame. Whoever has it has its rights until it ends. */
  create(link: PortalLinkInput, options?: CallOptions): Promise<PortalLink> {
    return this.#requests.act('POST', '/v1/portal-links', link, options)
  }

  /** Once this is answered no process accepts any link that the tenant has now. */
  endAll(tenant: string, options?: CallOptions): Promise<void> {
    return this.#requests.act('DELETE', '/v1/portal-links', undefined, {
      ...options,
      query: { tenant },
    })
  }
}
