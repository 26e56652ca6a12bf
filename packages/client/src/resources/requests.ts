import { call } from '../request/call.ts'
import type { ApiRequest, CallOptions, Connection } from '../request/connection.ts'

/** Shorthand of the resources: sends JSON and answers the body. */
export class Requests {
  readonly connection: Connection

  constructor(connection: Connection) {
    this.connection = connection
  }

  async get<T>(path: string, query?: ApiRequest['query'], options: CallOptions = {}): Promise<T> {
    const request = { method: 'GET', path, query } as const
    const { body } = await call(this.connection, request, { ...options, repeatable: 'always' })
    return body as T
  }

  /** What may be done twice without harm: it sets something to what is said. */
  async set<T>(
    method: 'POST' | 'PATCH',
    path: string,
    body: unknown,
    options: CallOptions = {},
  ): Promise<T> {
    const request = { method, path, body: JSON.stringify(body ?? {}) }
    const answer = await call(this.connection, request, { ...options, repeatable: 'always' })
    return answer.body as T
  }

  /** What would be done twice if it were asked for twice: repeated only where nothing was done. */
  async act<T>(
    method: 'POST' | 'DELETE',
    path: string,
    body?: unknown,
    options: CallOptions & { readonly query?: ApiRequest['query'] } = {},
  ): Promise<T> {
    const { query, ...rest } = options
    const text = body === undefined ? undefined : JSON.stringify(body)
    const request = { method, path, query, body: text }
    const answer = await call(this.connection, request, { ...rest, repeatable: 'unapplied' })
    return answer.body as T
  }
}

/** A path of the API with the ids in it escaped. */
export function path(parts: TemplateStringsArray, ...ids: string[]): string {
  return parts.reduce((text, part, i) => text + encodeURIComponent(ids[i - 1] ?? '') + part)
}
