import { z } from 'zod'
import type { CursorCodec } from './cursor.ts'

export const MAX_LIMIT = 250
const DEFAULT_LIMIT = 50

/** Query parameters that every list takes; spread into the `z.strictObject` of a list's query. */
export const listParameters = {
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `Expected a number from 1 to ${MAX_LIMIT}`)
    .transform(Number)
    .pipe(z.int().min(1).max(MAX_LIMIT))
    .default(DEFAULT_LIMIT)
    // Text only because every query is: who generates a client is to get a number.
    .meta({
      type: 'integer',
      pattern: undefined,
      minimum: 1,
      maximum: MAX_LIMIT,
      default: DEFAULT_LIMIT,
      description: `How many, 1 to ${MAX_LIMIT}; default ${DEFAULT_LIMIT}`,
    }),
  cursor: z
    .string()
    .max(2_048)
    .optional()
    .meta({ description: "The last answer's `next`, unchanged" }),
}

/** `since` and `until` of lists: RFC 3339, turned into milliseconds since the Unix epoch. */
export const timeParameter = z.iso
  .datetime({ offset: true, error: 'Expected an RFC 3339 time such as 2026-01-31T09:30:00.000Z' })
  .transform((text) => Date.parse(text))
  .pipe(z.number())
  .meta({ description: 'RFC 3339 time' })

/** The answer of a list, for the OpenAPI document. */
export const listSchema = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    data: z.array(item),
    next: z.string().nullable().meta({ description: 'Cursor of the next page, null at the end' }),
  })

interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
  /** The list and its filters, for the cursor. */
  readonly scope: string
  readonly cursors: CursorCodec
}

/**
 * Answers one page of a list that is ordered by id, newest first. `read` is asked for one more than
 * the page holds, which tells whether there is a next one.
 */
export async function pageBy<Item extends { readonly id: string }, Shown = Item>(
  request: PageRequest,
  read: (page: { before?: string | undefined; limit: number }) => Promise<Item[]>,
  show: (item: Item) => Shown | Item | Promise<Shown> = (item) => item,
) {
  const { limit, cursor, scope, cursors } = request
  const before = cursor === undefined ? undefined : String(cursors.decode(scope, cursor)[0])
  const found = await read({ before, limit: limit + 1 })
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const next = found.length > limit && last ? cursors.encode(scope, [last.id]) : null
  return { status: 200, body: { data: await Promise.all(items.map(show)), next } }
}
