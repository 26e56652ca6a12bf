import { type Filter, isObject, type Pattern } from './filter.ts'

/** Whether a value fits; undefined stands for what is not there. */
export type Fits = (value: unknown) => boolean

/**
 * A filter as a function, made once for each version of a webhook. It never throws, so that no event and no
 * stored filter can hold up a batch: an operator that this version does not know asks for nothing, and what
 * is not filtered out is sent.
 */
export function compileFilter(filter: Filter): Fits {
  return fitsOf(filter)
}

function fitsOf(pattern: Pattern): Fits {
  if (Array.isArray(pattern)) return anyOf((pattern as readonly Pattern[]).map(fitsOf))
  if (isObject(pattern)) return objectFits(pattern as Filter)
  return inList((value) => value === pattern)
}

const anyOf =
  (all: readonly Fits[]): Fits =>
  (value) =>
    all.some((fits) => fits(value))
const allOf =
  (all: readonly Fits[]): Fits =>
  (value) =>
    all.every((fits) => fits(value))

/** Of a list one element has to fit. */
const inList =
  (fits: Fits): Fits =>
  (value) =>
    Array.isArray(value) ? value.some(fits) : fits(value)

/** Members and comparisons are asked of one and the same element of a list; the rest of the list as a whole. */
function objectFits(pattern: Filter): Fits {
  const ofEach: Fits[] = []
  const ofWhole: Fits[] = []
  for (const [name, asked] of Object.entries(pattern)) {
    if (!name.startsWith('$')) ofEach.push(memberFits(name, fitsOf(asked)))
    else if (name in WHOLE) ofWhole.push((WHOLE[name as keyof typeof WHOLE] as Operator)(asked))
    else if (name in EACH) ofEach.push((EACH[name as keyof typeof EACH] as Operator)(asked))
  }
  return allOf(ofEach.length === 0 ? ofWhole : [...ofWhole, inList(allOf(ofEach))])
}

const memberFits =
  (name: string, fits: Fits): Fits =>
  (value) =>
    fits(isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined)

type Operator = (asked: Pattern) => Fits

const WHOLE = {
  $exists: (asked) => (value) => (value !== undefined) === asked,
  $not: (asked) => {
    const fits = fitsOf(asked)
    return (value) => !fits(value)
  },
  $or: (asked) => fitsOf(asked),
} satisfies Record<string, Operator>

/** Numbers with numbers, texts with texts: by their code units, so times of RFC 3339 in UTC by time. */
const compared =
  (holds: (value: number | string, asked: number | string) => boolean): Operator =>
  (asked) =>
  (value) =>
    typeof value === typeof asked &&
    (typeof value === 'number' || typeof value === 'string') &&
    holds(value, asked as number | string)

const ofText =
  (holds: (value: string, asked: string) => boolean): Operator =>
  (asked) =>
  (value) =>
    typeof value === 'string' && holds(value, String(asked))

const EACH = {
  $gt: compared((value, asked) => value > asked),
  $gte: compared((value, asked) => value >= asked),
  $lt: compared((value, asked) => value < asked),
  $lte: compared((value, asked) => value <= asked),
  $startsWith: ofText((value, asked) => value.startsWith(asked)),
  $endsWith: ofText((value, asked) => value.endsWith(asked)),
} satisfies Record<string, Operator>
