import { expect, it } from 'vitest'
import { z } from 'zod'
import { inputErrors, namedProblem } from './input-errors.ts'

const schema = z.strictObject({
  name: z.string(),
  tags: z.array(z.string()).optional(),
  nested: z.strictObject({ deep: z.strictObject({ x: z.int() }) }).optional(),
  later: z
    .unknown()
    .superRefine((value, context) => {
      if (value === undefined) return
      context.addIssue({
        code: 'custom',
        params: { problem: 'not_available_yet' },
        message: 'Not available yet',
      })
    })
    .optional(),
})

const failure = (input: unknown) => schema.safeParse(input).error as z.ZodError

it('names each place by its path, unknown fields one by one', () => {
  const error = failure({
    name: 1,
    tags: ['a', 2],
    nested: { deep: { x: 1.5, y: 1 } },
    one: 1,
    two: 2,
  })
  expect(
    inputErrors(error)
      .map(({ path }) => path)
      .sort(),
  ).toEqual(['name', 'nested.deep.x', 'nested.deep.y', 'one', 'tags[1]', 'two'].sort())
})

it('of an input that is no object at all the path is empty', () => {
  expect(inputErrors(failure('text'))).toEqual([{ path: '', message: expect.any(String) }])
})

it('says no more than can be read', () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`field${i}`, 1]))
  expect(inputErrors(failure(many)).length).toBeLessThanOrEqual(50)
})

it('never repeats a value of the input', () => {
  const text = JSON.stringify(
    inputErrors(failure({ name: { secret: 'hunter2' }, tags: 'hunter2' })),
  )
  expect(text).not.toContain('hunter2')
})

it('a schema can name the problem of a refusal', () => {
  expect(namedProblem(failure({ name: 'a', later: false }))).toBe('not_available_yet')
  expect(namedProblem(failure({ name: 1 }))).toBeUndefined()
})
