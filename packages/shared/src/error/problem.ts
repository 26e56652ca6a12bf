import { z } from 'zod'
import { PROBLEMS, type ProblemCode } from './catalogue.ts'

/** One place in the input that is wrong: `path` like `headers.x-a` or `eventTypes[0]`, `''` for all. */
export interface InputError {
  readonly path: string
  readonly message: string
}

interface ProblemOptions {
  readonly errors?: readonly InputError[]
  /** Extra response headers, e.g. `{ allow: 'GET' }`. */
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** Said with every 503 unless the thrower knows better, in seconds. */
const RETRY_AFTER_SECONDS = 1

/** What the API answers instead of a result. `detail` is read by users: no secrets, no internals. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  readonly status: number
  readonly detail: string
  readonly errors: readonly InputError[] | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ProblemCode, detail?: string, options: ProblemOptions = {}) {
    super(detail ?? PROBLEMS[code].title, { cause: options.cause })
    this.code = code
    this.status = PROBLEMS[code].status
    this.detail = detail ?? PROBLEMS[code].meaning
    this.errors = options.errors
    this.headers =
      this.status === 503
        ? { 'retry-after': String(RETRY_AFTER_SECONDS), ...options.headers }
        : { ...options.headers }
  }
}

/** What is wrong with one place of the input, in words and by its path. */
export function inputProblem(
  path: string,
  message: string,
  code: ProblemCode = 'invalid_input',
): ProblemError {
  return new ProblemError(code, path ? `${path}: ${message}` : message, {
    errors: [{ path, message }],
  })
}

/** The body of `application/problem+json`, RFC 9457 section 3. */
export const problemSchema = z
  .strictObject({
    type: z.string().meta({ description: 'URI reference that names the kind of problem' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
    requestId: z.string(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details; `code` is permanent' })

export type Problem = z.output<typeof problemSchema>

/** A path on this server, where the meaning can be read; RFC 9457 section 3.1.1 allows a reference. */
export const problemType = (code: ProblemCode) => `/problems/${code}`

export function problemBody(error: ProblemError, requestId: string): Problem {
  return {
    type: problemType(error.code),
    title: PROBLEMS[error.code].title,
    status: error.status,
    detail: error.detail,
    code: error.code,
    ...(error.errors ? { errors: [...error.errors] } : {}),
    requestId,
  }
}
