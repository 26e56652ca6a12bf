import { call } from '../request/call.ts'
import type { CallOptions, Connection, Query } from '../request/connection.ts'

export interface Page<Item> {
  readonly data: readonly Item[]
  /** Where the next page begins, null at the end. */
  readonly next: string | null
}

/** A list, newest first: `for await` goes through all of it, and asks for each page when it gets there. */
export interface List<Item> extends AsyncIterable<Item> {
  /** One page, the first one without a cursor. */
  page(cursor?: string | null): Promise<Page<Item>>
}

export function list<Item>(
  connection: Connection,
  path: string,
  query: Query,
  options: CallOptions = {},
): List<Item> {
  const page = async (cursor?: string | null): Promise<Page<Item>> => {
    const from = cursor == null ? {} : { cursor }
    const request = { method: 'GET', path, query: { ...query, ...from } } as const
    const { body } = await call(connection, request, { ...options, repeatable: 'always' })
    return body as Page<Item>
  }
  return {
    page,
    async *[Symbol.asyncIterator]() {
      let next: string | null | undefined
      do {
        const { data, next: after } = await page(next)
        yield* data
        next = after
      } while (next !== null)
    },
  }
}
