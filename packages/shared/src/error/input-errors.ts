import type { z } from 'zod'
import { PROBLEMS, type ProblemCode } from './catalogue.ts'
import type { InputError } from './problem.ts'

/** More would only repeat: a body can hold thousands of wrong entries. */
const MAX_INPUT_ERRORS = 50

/** A zod failure as `errors` of a problem: paths like `eventTypes[0]`, one entry per unknown field. */
export function inputErrors(error: z.core.$ZodError): InputError[] {
  return error.issues.flatMap(fromIssue).slice(0, MAX_INPUT_ERRORS)
}

function fromIssue(issue: z.core.$ZodIssue): InputError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathOf([...issue.path, key]),
      message: 'Unknown field',
    }))
  }
  return [{ path: pathOf(issue.path), message: issue.message }]
}

/** The code that a schema itself gave to a refusal, by `params: { problem }` of a custom issue. */
export function namedProblem(error: z.core.$ZodError): ProblemCode | undefined {
  for (const issue of error.issues) {
    const named = issue.code === 'custom' ? issue.params?.problem : undefined
    if (typeof named === 'string' && Object.hasOwn(PROBLEMS, named)) return named as ProblemCode
  }
  return undefined
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text ? `${text}.${String(part)}` : String(part)
  }, '')
}
