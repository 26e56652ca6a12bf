import fc from 'fast-check'

/** The part of JSON Schema 2020-12 that the OpenAPI document uses. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly not?: Schema
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly propertyNames?: Schema
}

const TIMES = ['2026-01-01T00:00:00Z', '2024-02-29T23:59:59.999+14:00', '0000-01-01T00:00:00Z']
const MAX_ITEMS = 3

export interface Context {
  readonly resolve: (reference: string) => Schema
  /** Values of fields by their name: what a pattern cannot say, a URL that is safe to call. */
  readonly known: (name: string) => fc.Arbitrary<unknown> | undefined
  /** References that are being followed: one of them again means that the schema is recursive. */
  readonly following?: readonly string[]
}

/** Values that the schema allows. */
export function valuesOf(schema: Schema, context: Context, name = ''): fc.Arbitrary<unknown> {
  const within = (inner: Schema, innerName = name) => valuesOf(inner, context, innerName)
  const special = context.known(name)
  if (special !== undefined && schema.type !== 'array') return special
  if (schema.$ref !== undefined) return referred(schema.$ref, context, name)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => within(choice)))
  switch (schema.type) {
    case 'string':
      return texts(schema)
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 2e9, 2e9) })
    case 'number':
      return numbers(schema)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(schema.items === undefined ? fc.jsonValue() : within(schema.items), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? MAX_ITEMS, MAX_ITEMS),
      })
    case 'object':
      return objects(schema, within)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function referred(to: string, context: Context, name: string): fc.Arbitrary<unknown> {
  const { following = [], resolve } = context
  if (following.includes(to)) return fc.jsonValue({ maxDepth: 1 })
  return valuesOf(resolve(to), { ...context, following: [...following, to] }, name)
}

function texts(schema: Schema): fc.Arbitrary<string> {
  if (schema.format === 'date-time') return fc.constantFrom(...TIMES)
  const minLength = schema.minLength ?? 0
  const maxLength = Math.max(Math.min(schema.maxLength ?? 40, 40), minLength)
  if (schema.pattern !== undefined) {
    const { maxLength: longest = Number.POSITIVE_INFINITY } = schema
    return fc
      .stringMatching(new RegExp(schema.pattern), { size: '-1' })
      .map((text) => text.slice(0, longest))
  }
  return fc.string({ minLength, maxLength })
}

function numbers({ minimum = -5, maximum = 1e6 }: Schema): fc.Arbitrary<number> {
  return fc.oneof(
    fc.constantFrom(minimum, maximum),
    fc.double({ min: minimum, max: maximum, noNaN: true }),
  )
}

function objects(
  schema: Schema,
  within: (inner: Schema, name: string) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const allowed = Object.entries(schema.properties ?? {}).filter(([, { not }]) => not === undefined)
  const properties = Object.fromEntries(
    allowed.map(([property, of]) => [property, within(of, property)]),
  )
  const required = (schema.required ?? []).filter((property) => property in properties)
  const named = fc.record(properties, { requiredKeys: required })
  const { additionalProperties: others } = schema
  if (typeof others !== 'object') return named
  const keys = schema.propertyNames === undefined ? fc.string() : within(schema.propertyNames, '')
  const more = fc.dictionary(keys as fc.Arbitrary<string>, within(others, ''), { maxKeys: 3 })
  return fc.tuple(named, more).map(([one, other]) => ({ ...other, ...one }))
}
