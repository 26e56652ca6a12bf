import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonSpace, jsonSpelling, jsonText, mangled } from '../testing/json-text.ts'
import { EnvelopeError, EnvelopeKindError, parseEnvelope } from './envelope.ts'

const NUM_RUNS = 500

const otherKey = fc.string({ maxLength: 6 }).filter((key) => key !== 'data')
const plainMember = fc
  .record({ key: otherKey, value: jsonText })
  .map(({ key, value }) => ({ key, spelt: JSON.stringify(key), value }))
const otherMembers = fc.uniqueArray(plainMember, { selector: ({ key }) => key, maxLength: 4 })
const dataMember = fc.record({
  key: fc.constant('data'),
  spelt: jsonSpelling('data'),
  value: jsonText,
})
type Member = { key: string; spelt: string; value: string }

/** The members as one object, with space wherever it may stand. */
function objectText(members: readonly Member[], spaces: readonly string[]): string {
  let used = 0
  const space = () => spaces[used++ % spaces.length] ?? ''
  const inside = members.map(
    ({ spelt, value }) => `${space()}${spelt}${space()}:${space()}${value}${space()}`,
  )
  return `${space()}{${inside.length === 0 ? space() : inside.join(',')}}${space()}`
}
const spaces = fc.array(jsonSpace, { minLength: 1, maxLength: 7 })

test('the bytes of data are those that were sent, wherever data stands and however it is spelt', () => {
  const property = fc.property(
    otherMembers,
    dataMember,
    fc.nat(),
    spaces,
    (others, data, at, gaps) => {
      const members = others.toSpliced(at % (others.length + 1), 0, data)
      const envelope = parseEnvelope(Buffer.from(objectText(members, gaps)))
      expect(envelope.data).toEqual(Buffer.from(data.value))
      expect(Object.entries(envelope.fields)).toEqual(entriesOf(others))
    },
  )
  fc.assert(property, { numRuns: NUM_RUNS })
})

/** As an object orders them: `JSON.parse` puts keys that are array indices first, we do not care. */
function entriesOf(members: readonly Member[]): [string, unknown][] {
  const object: Record<string, unknown> = Object.create(null)
  for (const { key, value } of members) object[key] = JSON.parse(value)
  return Object.entries(object)
}

test('a top-level key that stands twice is refused, in whatever spelling and however far apart', () => {
  const property = fc.property(
    otherMembers,
    fc.constantFrom('data', 'type', 'id', '__proto__'),
    fc.nat(),
    fc.nat(),
    spaces,
    fc.gen(),
    (others, key, first, second, gaps, draw) => {
      const twin = (): Member => ({
        key,
        spelt: draw(jsonSpelling, key),
        value: draw(() => jsonText),
      })
      const once = others.toSpliced(first % (others.length + 1), 0, twin())
      const twice = once.toSpliced(second % (once.length + 1), 0, twin())
      expect(() => parseEnvelope(Buffer.from(objectText(twice, gaps)))).toThrow(EnvelopeError)
    },
  )
  fc.assert(property, { numRuns: NUM_RUNS })
})

/** What JSON.parse and the rules of the envelope say of the bytes. */
function oracle(bytes: Buffer): 'broken' | 'no object' | 'repeated' | Record<string, unknown> {
  let text: string
  let parsed: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    parsed = JSON.parse(text)
  } catch {
    return 'broken'
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'no object'
  const keys = topLevelKeys(text)
  return new Set(keys).size < keys.length ? 'repeated' : (parsed as Record<string, unknown>)
}

/** Of valid JSON: by its tokens, unlike the scanner that is under test. */
function topLevelKeys(text: string): string[] {
  const tokens = text.match(/"(?:\\.|[^"\\])*"|[{}[\]:,]/gs) ?? []
  let depth = 0
  return tokens.flatMap((token, at) => {
    if (token === '{' || token === '[') depth++
    if (token === '}' || token === ']') depth--
    const isKey = depth === 1 && token.startsWith('"') && tokens[at + 1] === ':'
    return isKey ? [JSON.parse(token) as string] : []
  })
}

function judged(bytes: Buffer): ReturnType<typeof oracle> {
  try {
    const { fields, data } = parseEnvelope(bytes)
    return { ...fields, ...(data && { data: JSON.parse(data.toString()) }) }
  } catch (error) {
    if (error instanceof EnvelopeKindError) return 'no object'
    if (!(error instanceof EnvelopeError)) throw error
    return error.message.includes('repeated') ? 'repeated' : 'broken'
  }
}

describe('what JSON.parse takes is taken, what it refuses is refused, and nothing else is thrown', () => {
  const object = fc
    .tuple(otherMembers, dataMember, spaces)
    .map(([others, data, gaps]) => objectText([...others, data], gaps))

  test.each([
    ['JSON that was mangled', mangled(fc.oneof({ weight: 4, arbitrary: object }, jsonText))],
    ['any bytes', fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))],
  ])('%s', (_name, bytes) => {
    const property = fc.property(bytes, (each) => {
      expect(withoutPrototype(judged(each))).toEqual(withoutPrototype(oracle(each)))
    })
    fc.assert(property, { numRuns: 4 * NUM_RUNS })
  })
})

/** `{...fields}` keeps a field named __proto__, yet makes toEqual compare prototypes. */
function withoutPrototype(verdict: ReturnType<typeof oracle>): unknown {
  return typeof verdict === 'string' ? verdict : new Map(Object.entries(verdict))
}

test.each([
  ['open brackets', '['],
  ['open objects', '{"a":'],
  ['nested arrays', '[', ']'],
  ['nested objects', '{"a":', 'null}'],
  ['quotes', '"'],
  ['backslashes', '\\'],
  ['escaped quotes', '"\\"'],
  ['digits', '9'],
  ['space', ' '],
  ['commas', ','],
])('a megabyte of %s is judged in time that grows with its length', (_name, open, close = '') => {
  const count = Math.floor(1_000_000 / (open.length + close.length))
  const bytes = Buffer.from(`{"data":${open.repeat(count)}${close.repeat(count)}}`)
  const startedMs = performance.now()
  judgedOrNot(bytes)
  // It takes 5 to 50 ms; in quadratic time it would take minutes.
  expect(performance.now() - startedMs).toBeLessThan(2_000)
})

function judgedOrNot(bytes: Buffer): void {
  try {
    parseEnvelope(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(EnvelopeError)
  }
}
