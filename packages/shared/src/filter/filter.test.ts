import { describe, expect, test } from 'vitest'
import { compileFilter } from './compile.ts'
import { type Filter, filterFault, filterSchema } from './filter.ts'

const fits = (filter: Filter, data: unknown) => compileFilter(filter)(data)

describe('what fits', () => {
  test.each<[filter: Filter, data: unknown, fits: boolean]>([
    [{ a: 1 }, { a: 1, b: 2 }, true],
    [{ a: 1 }, { a: 2 }, false],
    [{ a: 1 }, { a: '1' }, false],
    [{ a: 1 }, { b: 1 }, false],
    [{ a: 1 }, null, false],
    [{ a: 1 }, 'text', false],
    [{ a: null }, { a: null }, true],
    [{ a: null }, {}, false],
    [{ 'a.b': 1 }, { 'a.b': 1 }, true],
    [{ 'a.b': 1 }, { a: { b: 1 } }, false],
    [{ a: true }, { a: true }, true],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [{ a: { b: 'x' } }, { a: { b: 'x' } }, true],
    [{ a: { b: 'x' } }, { a: 'x' }, false],
    [{ a: [1, 'x', null] }, { a: 'x' }, true],
    [{ a: [1, 'x'] }, { a: 2 }, false],
    [{ a: [{ b: 1 }, { c: 1 }] }, { a: { c: 1 } }, true],
    // A list in the data: one element has to fit, the same one in all that is asked of it.
    [{ a: 'x' }, { a: ['y', 'x'] }, true],
    [{ a: 'x' }, { a: [] }, false],
    [{ a: { b: 1, c: 2 } }, { a: [{ b: 1 }, { c: 2 }] }, false],
    [{ a: { b: 1, c: 2 } }, { a: [{ b: 1, c: 2 }] }, true],
    [{ a: { $gt: 5, $lt: 10 } }, { a: [1, 20] }, false],
    [{ a: { $gt: 5, $lt: 10 } }, { a: [1, 7] }, true],
    [{ a: { length: 1 } }, { a: [1] }, false],
    // Comparisons.
    [{ a: { $gte: 5 } }, { a: 5 }, true],
    [{ a: { $gt: 5 } }, { a: 5 }, false],
    [{ a: { $lte: 5 } }, { a: 5 }, true],
    [{ a: { $lt: 5 } }, { a: '4' }, false],
    [{ a: { $gte: '2026-01-01T00:00:00Z' } }, { a: '2026-02-01T00:00:00Z' }, true],
    [{ a: { $gt: 5 } }, {}, false],
    [{ a: { $startsWith: 'ab' } }, { a: 'abc' }, true],
    [{ a: { $endsWith: '@example.com' } }, { a: 'ada@example.com' }, true],
    [{ a: { $endsWith: '@example.com' } }, { a: 'ada@example.com.evil.net' }, false],
    [{ a: { $startsWith: '1' } }, { a: 1 }, false],
    // What is there, and what is not.
    [{ a: { $exists: true } }, { a: null }, true],
    [{ a: { $exists: true } }, { a: [] }, true],
    [{ a: { $exists: false } }, {}, true],
    [{ a: { b: { $exists: false } } }, {}, true],
    [{ a: { b: { $exists: false } } }, { a: [{ b: 1 }] }, false],
    [{ a: { $not: 'x' } }, { a: 'y' }, true],
    [{ a: { $not: 'x' } }, {}, true],
    [{ a: { $not: 'x' } }, { a: ['x', 'y'] }, false],
    [{ a: { $not: ['x', 'y'] } }, { a: 'y' }, false],
    [{ $not: { a: 1, b: 2 } }, { a: 1, b: 3 }, true],
    [{ $or: [{ a: 1 }, { b: 1 }] }, { b: 1 }, true],
    [{ $or: [{ a: 1 }, { b: 1 }], c: 1 }, { b: 1 }, false],
    [{ a: { $or: [{ $lt: 1 }, { $gt: 9 }] } }, { a: 10 }, true],
    // Nothing of JavaScript's own.
    [{ constructor: { name: 'Object' } }, {}, false],
    [{ toString: { $exists: true } }, {}, false],
    [JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":1}}'), true],
    [JSON.parse('{"__proto__":{"a":1}}'), {}, false],
    // Numbers are compared as JavaScript holds them.
    [JSON.parse('{"a":12345678901234567890}'), JSON.parse('{"a":12345678901234567891}'), true],
  ])('%j on %j: %s', (filter, data, expected) => {
    expect(filterFault(filter)).toBeUndefined()
    expect(fits(filter, data)).toBe(expected)
  })
})

const nested = (levels: number): Filter => (levels === 0 ? { a: 1 } : { a: nested(levels - 1) })
const many = (n: number): Filter =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, i]))

describe('what is refused', () => {
  test.each<[filter: unknown, path: string, message: string]>([
    ['x', '', 'an object'],
    [[{ a: 1 }], '', 'an object'],
    [{}, '', 'at least one'],
    [{ a: {} }, 'a', 'at least one'],
    [{ a: [] }, 'a', 'a list'],
    [{ a: [1, [2]] }, 'a.1', 'no list in a list'],
    [{ $or: { a: 1 } }, '$or', 'a list'],
    [{ 'data.a': 1 }, 'data.a', 'nested'],
    [{ a: { $regex: '.*' } }, 'a.$regex', '$startsWith'],
    [{ a: { $toString: 1 } }, 'a.$toString', 'No operator'],
    [{ a: { $gt: null } }, 'a.$gt', 'a number or a text'],
    [{ a: { $exists: 1 } }, 'a.$exists', 'true or false'],
    [{ a: { $startsWith: 1 } }, 'a.$startsWith', 'a text'],
    [{ a: 'x'.repeat(513) }, 'a', '512 characters'],
    [nested(10), Array(11).fill('a').join('.'), '10 levels'],
    [many(100), 'k99', '100 conditions'],
  ])('%j', (filter, path, message) => {
    const [issue] = filterSchema.safeParse(filter).error?.issues ?? []
    expect(issue?.path.join('.')).toBe(path)
    expect(issue?.message).toContain(message)
  })

  test.each([[nested(9)], [many(99)]])('at the limit nothing is', (filter) => {
    expect(filterSchema.parse(filter)).toBe(filter)
  })
})

test('a filter of another version asks for nothing that is unknown here, and throws never', () => {
  const unknown = { a: { $later: 1 }, $alsoLater: [] } as unknown as Filter
  expect(fits(unknown, { a: 1 })).toBe(true)
  expect(fits({ a: { $not: { $or: 1 } } } as unknown as Filter, {})).toBe(true)
})
