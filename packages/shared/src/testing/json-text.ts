import fc from 'fast-check'

// JSON as text, not as values: with space anywhere, any spelling of a number or of a character,
// repeated keys and lone surrogates, as a producer in another language may write it.

/** Space between tokens. */
export const jsonSpace = fc.string({
  unit: fc.constantFrom(' ', '\n', '\r', '\t'),
  maxLength: 3,
})

const number = fc.stringMatching(/^-?(?:0|[1-9]\d{0,30})(?:\.\d{1,20})?(?:[eE][+-]?\d{1,4})?$/)

const hexDigits = fc.nat(0xffff).map((unit) => unit.toString(16).padStart(4, '0'))
const escaped = fc.oneof(
  fc.constantFrom('\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t'),
  fc.constantFrom('\\ud800', '\\udfff', '\\u0000', '\\u2028'),
  fc.tuple(hexDigits, fc.boolean()).map(([digits, upper]) => {
    return `\\u${upper ? digits.toUpperCase() : digits}`
  }),
)
/** What need not be escaped: brackets and commas, too, which mislead who does not see the quotes. */
const plain = fc.oneof(
  fc.constantFrom('{', '}', '[', ']', ',', ':', ' ', 'é', '😀', '\u2028', '\u007f'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).map(unescapable),
)

const text = fc
  .array(fc.oneof(plain, escaped), { maxLength: 8 })
  .map((characters) => `"${characters.join('')}"`)

/** The text of any JSON value. */
export const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false', '{}', '[]', '""', '1e400', '-0', '1.0'),
    number,
    text,
    list('[', ']', tie('value')),
    list('{', '}', member(tie('value'))),
  ),
})).value

/** An object's member, `"key" : value`, whose key is often one of few and so repeats. */
function member(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const key = fc.oneof(fc.constantFrom('"a"', '"data"', '"__proto__"'), text)
  return fc
    .tuple(key, jsonSpace, jsonSpace, value)
    .map(([name, before, behind, of]) => `${name}${before}:${behind}${of}`)
}

function list(open: string, close: string, item: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const spaced = fc.tuple(jsonSpace, item, jsonSpace).map((parts) => parts.join(''))
  return fc.array(spaced, { maxLength: 4 }).map((items) => open + items.join(',') + close)
}

function unescapable(character: string): string {
  return /["\\]|[^\x20-\u{10ffff}]/u.test(character) ? 'x' : character
}

/** Any spelling of a key: each character plain or escaped. */
export function jsonSpelling(key: string): fc.Arbitrary<string> {
  const characters = [...key].map((character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0')
    return fc.constantFrom(character, `\\u${code}`, `\\u${code.toUpperCase()}`)
  })
  return fc.tuple(...characters).map((parts) => `"${parts.join('')}"`)
}

/** Bytes that were JSON until something was cut out, put in or written over; sometimes still JSON. */
export function mangled(whole: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  const change = fc.record({
    at: fc.nat(200),
    cut: fc.nat(3),
    put: fc.oneof(
      fc.constantFrom('', '{', '}', '[', ']', ',', ':', '"', '\\', '0', '-', 'e', '\ufeff', '\0'),
      jsonText,
    ),
    bytes: fc.oneof(
      { weight: 4, arbitrary: fc.constant(new Uint8Array()) },
      fc.uint8Array({ maxLength: 2 }),
    ),
  })
  return fc.tuple(whole, fc.array(change, { maxLength: 2 })).map(([json, changes]) =>
    changes.reduce((bytes, { at, cut, put, bytes: raw }) => {
      const from = at % (bytes.length + 1)
      return Buffer.concat([
        bytes.subarray(0, from),
        Buffer.from(put),
        raw,
        bytes.subarray(from + cut),
      ])
    }, Buffer.from(json)),
  )
}
