import { ProblemError } from '@posthorn/shared/error/problem.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CursorCodec } from './cursor.ts'

const NUM_RUNS = 1_000
const codec = new CursorCodec(Buffer.alloc(32, 1))

const scope = fc.string({ unit: 'binary' })
const position = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.maxSafeInteger(),
    // JSON knows no minus zero.
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
  ),
)

function refusal(inScope: string, text: string): unknown {
  try {
    return codec.decode(inScope, text)
  } catch (error) {
    return error instanceof ProblemError ? error.code : error
  }
}

test('a cursor comes back as it went, and is safe in a URL', () => {
  const property = fc.property(scope, position, (inScope, place) => {
    const cursor = codec.encode(inScope, place)
    expect(codec.decode(inScope, cursor)).toEqual(place)
    expect(encodeURIComponent(cursor)).toBe(cursor)
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})

test('a cursor of one list is refused by every other', () => {
  const property = fc.property(scope, scope, position, (one, other, place) => {
    fc.pre(one !== other)
    expect(refusal(other, codec.encode(one, place))).toBe('invalid_cursor')
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})

test('scope and position cannot be moved into each other', () => {
  const property = fc.property(scope, position, fc.nat(), (inScope, place, cut) => {
    const whole = inScope + JSON.stringify(place)
    const at = cut % (whole.length + 1)
    fc.pre(at !== inScope.length)
    const bytes = Buffer.from(codec.encode(inScope, place), 'base64url')
    const moved = Buffer.concat([bytes.subarray(0, 12), Buffer.from(whole.slice(at))])
    expect(refusal(whole.slice(0, at), moved.toString('base64url'))).toBe('invalid_cursor')
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})

test('a cursor that was changed in any way is refused, never anything else', () => {
  const change = fc.record({ at: fc.nat(), cut: fc.nat(3), put: fc.string({ maxLength: 3 }) })
  const property = fc.property(scope, position, change, (inScope, place, { at, cut, put }) => {
    const cursor = codec.encode(inScope, place)
    const from = at % (cursor.length + 1)
    const changed = cursor.slice(0, from) + put + cursor.slice(from + cut)
    fc.pre(changed !== cursor)
    expect(refusal(inScope, changed)).toBe('invalid_cursor')
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})

test('a text that is no cursor at all is refused, never anything else', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.base64String(),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
  )
  const property = fc.property(scope, texts, (inScope, text) => {
    expect(refusal(inScope, text)).toBe('invalid_cursor')
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})
