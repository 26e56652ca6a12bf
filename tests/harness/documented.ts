import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { OpenApi, Operation } from './open-api.ts'

interface Answered {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

/** Judges answers by the OpenAPI document that the API itself gives. */
export class Documented {
  readonly #document: OpenApi
  readonly #ajv: Ajv2020
  readonly #validators = new Map<string, ValidateFunction>()

  constructor(document: OpenApi) {
    this.#document = document
    this.#ajv = new Ajv2020({ strict: false, allErrors: true })
    formats.default(this.#ajv)
    this.#ajv.addSchema(document, 'openapi')
  }

  get operations(): { method: string; path: string; operation: Operation }[] {
    return Object.entries(this.#document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ method, path, operation })),
    )
  }

  resolve(reference: string): object {
    return reference
      .slice(2)
      .split('/')
      .reduce<object>((at, part) => at[part as keyof typeof at] as object, this.#document)
  }

  /** What is wrong with this answer of the operation; empty if it is as documented. */
  faults(method: string, path: string, answer: Answered): string[] {
    const { status, contentType, text } = answer
    if (status >= 500 && path !== '/readyz') return [`a ${status}: ${text.slice(0, 300)}`]
    const response = this.#document.paths[path]?.[method]?.responses?.[status]
    if (response === undefined) return [`${status} is not documented: ${text.slice(0, 300)}`]
    const media = contentType.split(';')[0]?.trim() ?? ''
    if (response.content === undefined) return text === '' ? [] : [`${status} has a body: ${text}`]
    const schema = response.content[media]
    if (schema === undefined) return [`${status} of type "${media}" is not documented`]
    if (schema.schema === undefined || !media.endsWith('json')) return []
    const place = ['paths', path, method, 'responses', String(status), 'content', media, 'schema']
    return this.#faultsOf(place, text)
  }

  #faultsOf(place: readonly string[], text: string): string[] {
    const pointer = place.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')
    const $ref = `openapi#/${encodeURI(pointer)}`
    const validate = this.#validators.get($ref) ?? this.#ajv.compile({ $ref })
    this.#validators.set($ref, validate)
    if (validate(JSON.parse(text))) return []
    return [`${this.#ajv.errorsText(validate.errors)}: ${text.slice(0, 500)}`]
  }

  /** What is wrong with an answer to a request of no operation: a problem, or nothing. */
  faultsOfProblem(answer: Answered): string[] {
    const { status, contentType, text } = answer
    if (status >= 500) return [`a ${status}: ${text.slice(0, 300)}`]
    if (status < 400 || text === '') return []
    if (!contentType.startsWith('application/problem+json')) return [`${status} is ${contentType}`]
    return this.#faultsOf(['components', 'schemas', 'Problem'], text)
  }
}
