interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema?: object
}

type Content = Record<string, { schema?: object }>

interface Response {
  readonly description?: string
  readonly $ref?: string
  readonly content?: Content
}

export interface Operation {
  readonly operationId?: string
  readonly parameters?: Parameter[]
  readonly responses?: Record<string, Response>
  readonly requestBody?: { content?: Content; $ref?: string }
  readonly security?: object[]
}

export interface OpenApi {
  readonly openapi: string
  readonly info: { title?: string; version?: string }
  readonly paths: Record<string, Record<string, Operation>>
  readonly components?: Record<string, Record<string, unknown>>
  readonly security?: object[]
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** What the specification (3.1.1, sections 4.8.1 to 4.8.17 and 4.8.23) forbids in this document. */
export function faultsOfDocument(document: OpenApi): string[] {
  const faults: string[] = []
  if (!/^3\.1\.\d+$/.test(document.openapi)) faults.push(`openapi: ${document.openapi}`)
  if (!document.info.title || !document.info.version) faults.push('info needs title and version')
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  )
  if (operations.length === 0) faults.push('no operation')
  for (const { name, path, operation } of operations) {
    faults.push(...faultsOfOperation(path, operation).map((fault) => `${name}: ${fault}`))
  }
  const ids = operations.flatMap(({ operation }) => operation.operationId ?? [])
  if (new Set(ids).size !== ids.length) faults.push('an operationId stands twice')
  faults.push(...danglingReferences(document))
  return faults
}

function faultsOfOperation(path: string, operation: Operation): string[] {
  const faults: string[] = []
  if (!path.startsWith('/')) faults.push('the path does not begin with /')
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
  const parameters = operation.parameters ?? []
  for (const name of inPath) {
    const parameter = parameters.find((each) => each.in === 'path' && each.name === name)
    if (parameter?.required !== true) faults.push(`{${name}} is not described as required`)
  }
  for (const { name, in: place, schema } of parameters) {
    if (!['path', 'query', 'header', 'cookie'].includes(place)) faults.push(`${name} in ${place}`)
    if (place === 'path' && !inPath.includes(name)) faults.push(`${name} is not in the path`)
    if (schema === undefined) faults.push(`${name} has no schema`)
  }
  const responses = Object.entries(operation.responses ?? {})
  if (responses.length === 0) faults.push('no responses')
  for (const [code, response] of responses) {
    if (!/^([1-5]\d\d|[1-5]XX|default)$/.test(code)) faults.push(`response ${code}`)
    if (response.$ref === undefined && typeof response.description !== 'string') {
      faults.push(`response ${code} has no description`)
    }
  }
  const body = operation.requestBody
  if (body && body.$ref === undefined && body.content === undefined)
    faults.push('body without content')
  return faults
}

/** Every `$ref` must lead to something in the document. */
function danglingReferences(document: OpenApi): string[] {
  const text = JSON.stringify(document)
  const references = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to ?? ''))
  return [...references]
    .filter((reference) => at(document, reference) === undefined)
    .map((reference) => `${reference} leads nowhere`)
}

function at(document: unknown, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined
  return reference
    .slice(2)
    .split('/')
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, part) => (value as Record<string, unknown> | undefined)?.[part],
      document,
    )
}
