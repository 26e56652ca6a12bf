import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonSpace, jsonText, mangled } from '../testing/json-text.ts'
import { EnvelopeError, EnvelopeKindError, splitArray, splitLines } from './envelope.ts'

const NUM_RUNS = 500
const NO_LIMIT = Number.POSITIVE_INFINITY

interface Entries {
  readonly entries: readonly string[]
  readonly text: string
}

const array: fc.Arbitrary<Entries> = fc
  .tuple(fc.array(fc.tuple(jsonSpace, jsonText, jsonSpace), { maxLength: 5 }), jsonSpace, jsonSpace)
  .map(([items, before, behind]) => ({
    entries: items.map(([, entry]) => entry),
    text: `${before}[${items.map((parts) => parts.join('')).join(',')}]${behind}`,
  }))

describe('an array of a batch', () => {
  test('is split into the bytes of its entries', () => {
    const property = fc.property(array, ({ entries, text }) => {
      expect(splitArray(Buffer.from(text), NO_LIMIT).map(String)).toEqual(entries)
    })
    fc.assert(property, { numRuns: NUM_RUNS })
  })

  test('is split, and each entry read, only if JSON.parse takes the whole', () => {
    const texts = mangled(
      fc.oneof(
        array.map(({ text }) => text),
        jsonText,
      ),
    )
    const property = fc.property(texts, (bytes) => {
      expect(entriesOf(bytes)).toEqual(wholeOf(bytes))
    })
    fc.assert(property, { numRuns: 4 * NUM_RUNS })
  })

  test('over its limit is not read to its end', () => {
    const property = fc.property(array, fc.nat(6), ({ entries, text }, limit) => {
      const found = splitArray(Buffer.from(text), limit).map(String)
      expect(found).toEqual(entries.slice(0, limit + 1))
    })
    fc.assert(property, { numRuns: NUM_RUNS })
  })
})

function entriesOf(bytes: Buffer): unknown {
  try {
    return splitArray(bytes, NO_LIMIT).map((entry) => JSON.parse(entry.toString()))
  } catch (error) {
    if (error instanceof EnvelopeKindError) return 'no array'
    if (error instanceof EnvelopeError || error instanceof SyntaxError) return 'broken'
    throw error
  }
}

function wholeOf(bytes: Buffer): unknown {
  try {
    const parsed: unknown = JSON.parse(bytes.toString())
    if (Array.isArray(parsed)) return parsed
    // Entries of an array are judged one by one, by whoever parses them; else the whole is.
    return isUtf8(bytes) ? 'no array' : 'broken'
  } catch {
    return 'broken'
  }
}

const line = fc.oneof(jsonSpace.map(withoutNewline), jsonText.map(withoutNewline))
const lines = fc.array(line, { maxLength: 8 })

describe('the lines of a batch', () => {
  test('are all that are not blank, from their first byte on, with or without a last newline', () => {
    const property = fc.property(lines, fc.constantFrom('', '\n', '\r\n'), (parts, end) => {
      const bytes = Buffer.from(parts.join('\n') + end)
      const expected = bytes
        .toString()
        .split('\n')
        .map((each) => each.replace(/^[ \t\r]+/, ''))
        .filter((each) => each !== '')
      expect(splitLines(bytes, NO_LIMIT).map(String)).toEqual(expected)
    })
    fc.assert(property, { numRuns: NUM_RUNS })
  })

  test('are found in any bytes, and nothing but blank ones is lost', () => {
    const bytes = fc.array(fc.constantFrom(0x0a, 0x0d, 0x20, 0x09, 0x00, 0x41, 0xff))
    const property = fc.property(bytes, (each) => {
      const kept = splitLines(Buffer.from(each), NO_LIMIT)
      const solid = (byte: number) => ![0x0a, 0x0d, 0x20, 0x09].includes(byte)
      expect(kept.flatMap((found) => [...found].filter(solid))).toEqual(each.filter(solid))
      for (const found of kept) {
        expect(found.includes(0x0a)).toBe(false)
        expect([...found].some(solid)).toBe(true)
      }
    })
    fc.assert(property, { numRuns: NUM_RUNS })
  })

  test('over their limit are not read to their end', () => {
    const property = fc.property(lines, fc.nat(6), (parts, limit) => {
      const bytes = Buffer.from(parts.join('\n'))
      const all = splitLines(bytes, NO_LIMIT).map(String)
      expect(splitLines(bytes, limit).map(String)).toEqual(all.slice(0, limit + 1))
    })
    fc.assert(property, { numRuns: NUM_RUNS })
  })
})

function withoutNewline(text: string): string {
  return text.replaceAll('\n', ' ')
}

test.each<[string, (bytes: Buffer, limit: number) => unknown, string]>([
  ['newlines', splitLines, '\n'],
  ['blank lines', splitLines, ' \n'],
  ['space', splitLines, ' '],
  ['space', (bytes, limit) => entriesOr(bytes, limit), ' '],
  ['open brackets', (bytes, limit) => entriesOr(bytes, limit), '['],
  ['open strings', (bytes, limit) => entriesOr(bytes, limit), '["'],
  ['entries', (bytes, limit) => entriesOr(bytes, limit), '1,'],
])('16 MiB of %s are split in time that grows with their length', (_name, split, part) => {
  const bytes = Buffer.from(`[${part.repeat(Math.floor((16 * 1024 * 1024) / part.length))}`)
  const startedMs = performance.now()
  split(part.includes('\n') ? bytes.subarray(1) : bytes, 1_000)
  // It takes up to 300 ms; in quadratic time it would take hours.
  expect(performance.now() - startedMs).toBeLessThan(3_000)
})

function entriesOr(bytes: Buffer, limit: number): unknown {
  try {
    return splitArray(bytes, limit)
  } catch (error) {
    expect(error).toBeInstanceOf(EnvelopeError)
    return undefined
  }
}
