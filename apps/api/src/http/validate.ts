import type { IncomingMessage } from 'node:http'
import type { ProblemCode } from '@posthorn/shared/error/catalogue.ts'
import { inputErrors, namedProblem } from '@posthorn/shared/error/input-errors.ts'
import { inputProblem, ProblemError } from '@posthorn/shared/error/problem.ts'
import { z } from 'zod'
import { JSON_TYPE, mediaType, parseJson, readBody } from './body.ts'
import type { Route } from './route.ts'

const DEFAULT_MAX_BODY_BYTES = 64 * 1024

/** Throws the problem of `code`, with `errors` for each place that `schema` refuses. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  code: ProblemCode,
): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const errors = inputErrors(parsed.error)
  throw new ProblemError(namedProblem(parsed.error) ?? code, summary(errors), { errors })
}

function summary(errors: readonly { path: string; message: string }[]): string {
  const [first] = errors
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  return `${first?.path ? `${first.path}: ` : ''}${first?.message ?? 'Invalid'}${more}`
}

/** A path that names what cannot exist names nothing: 404, not 422. */
export function parseParams(schema: z.ZodType, params: unknown): unknown {
  const parsed = schema.safeParse(params)
  if (!parsed.success) throw new ProblemError('not_found')
  return parsed.data
}

/** Throws 422 `invalid_query`, also for a parameter that comes twice. */
export function parseQuery(schema: z.ZodType, url: string): unknown {
  const at = url.indexOf('?')
  const values: Record<string, string> = Object.create(null)
  for (const [name, value] of new URLSearchParams(at < 0 ? '' : url.slice(at + 1))) {
    if (name in values) throw inputProblem(name, 'Given more than once', 'invalid_query')
    values[name] = value
  }
  return validate(schema, { ...values }, 'invalid_query')
}

const NO_QUERY = z.strictObject({})

/** Throws 422 `invalid_query` for any parameter. */
export function requireNoQuery(url: string): void {
  if (url.includes('?')) parseQuery(NO_QUERY, url)
}

/** Throws 415, 413, 400 or 422, in that order. */
export async function parseBody(
  route: Pick<Route, 'maxBodyBytes' | 'optionalBody'> & { readonly body: z.ZodType },
  request: IncomingMessage,
): Promise<unknown> {
  const type = mediaType(request, [JSON_TYPE])
  const bytes = await readBody(request, route.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES)
  if (bytes.length === 0 && route.optionalBody) return validate(route.body, {}, 'invalid_input')
  if (bytes.length > 0 && type === undefined) {
    throw new ProblemError('unsupported_media_type', `Send a content-type of ${JSON_TYPE}.`)
  }
  return validate(route.body, parseJson(bytes), 'invalid_input')
}
