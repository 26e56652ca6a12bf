import { z } from 'zod'

type Json = Record<string, unknown>

const REF_PREFIX = '#/components/schemas/'

/**
 * Turns zod schemas into JSON Schema 2020-12, as OpenAPI 3.1 has it, and gathers those that have an
 * id under `components.schemas`. One that reads differently as input and as output (a default makes
 * a field optional going in) gets a second name.
 */
export class SchemaCollector {
  readonly #components = new Map<string, Json>()
  readonly #registry = z.globalRegistry

  /** `io`: how the API sees it, `input` for what it is sent. */
  convert(schema: z.ZodType, io: 'input' | 'output'): Json {
    const {
      $schema: _dialect,
      $defs = {},
      ...root
    } = z.toJSONSchema(schema, {
      io,
      metadata: this.#registry,
      unrepresentable: 'any',
    }) as Json & { $defs?: Record<string, Json> }
    const names = new Map<string, string>()
    for (const [id, definition] of Object.entries($defs))
      names.set(id, this.#nameFor(id, definition, io))
    for (const [id, definition] of Object.entries($defs)) {
      this.#components.set(names.get(id) as string, renamed(withoutId(definition), names))
    }
    return renamed(withoutId(root), names)
  }

  get components(): Json {
    return Object.fromEntries([...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** The id, unless it already stands for something else. */
  #nameFor(id: string, definition: Json, io: 'input' | 'output'): string {
    const base = id.replace(/^__schema/, 'Nested')
    const suffixes = ['', io === 'input' ? 'Input' : 'Output']
    for (let i = 2; i < 100; i++) suffixes.push(String(i))
    for (const suffix of suffixes) {
      const known = this.#components.get(base + suffix)
      const wanted = plainRefs(withoutId(definition))
      if (!known || plainRefs(known) === wanted) return base + suffix
    }
    throw new Error(`Too many schemas with the id ${id}`)
  }
}

const withoutId = ({ id: _id, ...rest }: Json): Json =>
  typeof _id === 'string' ? rest : { ...(_id === undefined ? {} : { id: _id }), ...rest }

/** Text to compare by: to whom references point is judged by those that they point to. */
const plainRefs = (schema: Json) =>
  JSON.stringify(schema).replaceAll(/"\$ref":"[^"]*"/g, '"$ref":""')

function renamed(schema: Json, names: ReadonlyMap<string, string>): Json {
  const text = JSON.stringify(schema).replaceAll(/"\$ref":"#\/\$defs\/([^"]+)"/g, (_match, id) => {
    return `"$ref":"${REF_PREFIX}${names.get(id as string) ?? id}"`
  })
  return JSON.parse(text) as Json
}
