import { z } from 'zod'

// No Node code here: the dashboard validates with the same schemas.

/** What `data`, or a part of it, has to be. */
export type Pattern =
  | string
  | number
  | boolean
  | null
  | readonly Pattern[]
  | { readonly [name: string]: Pattern }

export type Filter = { readonly [name: string]: Pattern }

// So that judging an event stays a matter of microseconds, whatever a tenant asks for.
const MAX_DEPTH = 10
const MAX_CONDITIONS = 100
const MAX_TEXT = 512

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MAX_TEXT
const isOrdered = (value: unknown) => typeof value === 'number' || isText(value)

/** What an operator takes; patterns are looked at by themselves. */
const OPERATORS: Readonly<Record<string, { takes: (value: unknown) => boolean; what: string }>> = {
  $gt: { takes: isOrdered, what: 'a number or a text' },
  $gte: { takes: isOrdered, what: 'a number or a text' },
  $lt: { takes: isOrdered, what: 'a number or a text' },
  $lte: { takes: isOrdered, what: 'a number or a text' },
  $startsWith: { takes: isText, what: `a text of at most ${MAX_TEXT} characters` },
  $endsWith: { takes: isText, what: `a text of at most ${MAX_TEXT} characters` },
  $exists: { takes: (value) => typeof value === 'boolean', what: 'true or false' },
}

/** Operators whose value is a pattern, or a list of them. */
const NOT = '$not'
const OR = '$or'

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export interface FilterFault {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** The first thing that is wrong with a filter; undefined when nothing is. */
export function filterFault(filter: unknown): FilterFault | undefined {
  if (!isObject(filter)) return { path: [], message: 'Expected an object' }
  let conditions = 0
  const fault = (path: FilterFault['path'], message: string): FilterFault => ({ path, message })

  function ofPattern(pattern: unknown, path: FilterFault['path']): FilterFault | undefined {
    if (++conditions > MAX_CONDITIONS) {
      return fault(path, `Expected at most ${MAX_CONDITIONS} conditions`)
    }
    if (path.length > MAX_DEPTH) return fault(path, `Expected at most ${MAX_DEPTH} levels`)
    if (Array.isArray(pattern)) return ofList(pattern, path)
    if (isObject(pattern)) return ofObject(pattern, path)
    if (typeof pattern !== 'string' || isText(pattern)) return undefined
    return fault(path, `Expected at most ${MAX_TEXT} characters`)
  }

  function ofList(list: unknown, path: FilterFault['path']): FilterFault | undefined {
    if (!Array.isArray(list) || list.length === 0) return fault(path, 'Expected a list of patterns')
    for (const [i, each] of list.entries()) {
      if (Array.isArray(each)) return fault([...path, i], 'Expected no list in a list')
      const found = ofPattern(each, [...path, i])
      if (found) return found
    }
    return undefined
  }

  function ofObject(
    object: Readonly<Record<string, unknown>>,
    path: FilterFault['path'],
  ): FilterFault | undefined {
    const members = Object.entries(object)
    if (members.length === 0) return fault(path, 'Expected at least one condition')
    for (const [name, value] of members) {
      const found = ofMember(name, value, [...path, name])
      if (found) return found
    }
    return undefined
  }

  function ofMember(
    name: string,
    value: unknown,
    path: FilterFault['path'],
  ): FilterFault | undefined {
    if (name === OR) return ofList(value, path)
    if (path.length === 1 && name.startsWith('data.')) {
      return fault(path, 'Expected no path: a filter is of `data`, and its parts are nested')
    }
    if (!name.startsWith('$') || name === NOT) return ofPattern(value, path)
    const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined
    if (!operator) {
      const known = [...Object.keys(OPERATORS), NOT, OR].join(', ')
      return fault(path, `No operator; there are ${known}`)
    }
    conditions++
    return operator.takes(value) ? undefined : fault(path, `Expected ${operator.what}`)
  }

  return ofPattern(filter, [])
}

/** Kept as it was given: a record of zod's would drop `__proto__`. */
export const filterSchema = z
  .unknown()
  .superRefine((value, context) => {
    const fault = filterFault(value)
    if (fault) context.addIssue({ code: 'custom', path: [...fault.path], message: fault.message })
  })
  .meta({
    type: 'object',
    additionalProperties: true,
    description:
      'Only events whose `data` fits are sent, e.g. `{"order": {"status": ["paid", "refunded"], "total": {"$gte": 100}}}`. Members must all fit, of a list one; operators: `$gt`, `$gte`, `$lt`, `$lte`, `$startsWith`, `$endsWith`, `$exists`, `$not`, `$or`. Where the data holds a list, one of its elements must fit',
  }) as unknown as z.ZodType<Filter>
