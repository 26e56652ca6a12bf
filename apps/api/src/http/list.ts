import { z } from 'zod'

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
    .meta({ description: `How many, 1 to ${MAX_LIMIT}; default ${DEFAULT_LIMIT}` }),
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
