import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'

const HEAD = `// Written by scripts/docs-client.ts from the API's OpenAPI document: change the API, then run \`npm run docs\`.

`

/** A field with a default may be left out of what is sent. */
const OPTIONS = { defaultNonNullable: false }

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}
interface Operation {
  readonly responses: Readonly<Record<string, unknown>>
}

/** The types of an OpenAPI document, as the text of a module. */
export async function clientTypes(document: Document): Promise<string> {
  return (
    HEAD + astToString(await openapiTS(withoutProblems(document) as unknown as OpenAPI3, OPTIONS))
  )
}

/** Each operation names some twenty problems, all of one type: two thirds of the module. */
function withoutProblems(document: Document): Document {
  const paths = Object.entries(document.paths).filter(([path]) => path.startsWith('/v1/'))
  return {
    ...document,
    paths: mapped(Object.fromEntries(paths), (item) =>
      mapped(item, (operation) => ({ ...operation, responses: successes(operation.responses) })),
    ),
  }
}

function successes(responses: Operation['responses']): Operation['responses'] {
  return Object.fromEntries(Object.entries(responses).filter(([status]) => status.startsWith('2')))
}

function mapped<In, Out>(
  record: Readonly<Record<string, In>>,
  change: (value: In) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
