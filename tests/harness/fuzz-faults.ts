import fc from 'fast-check'

/** Texts that have broken parsers, queues, paths or logs somewhere. */
const TEXTS = [
  ...['', ' ', '\0', '\u0001', '\r\nx: y', '\ufeff', '\ud800', '\u2028', '😀', 'é', 'ẞ'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'length'],
  ...['null', 'undefined', 'NaN', 'true', '0', '-1', '1e400', '9'.repeat(40), '%s', '{{x}}'],
  ...['../../etc/passwd', '..', '.', '/', '\\', '*', '?', '[', '(', '%', '%00', "'", '"', '`'],
  ...['a:b', 'a.b', '{a}', 'wh_', 'evt_', 'dlv_', 'wh_00000000000000000000000000', '-', '_'],
  ...['1969-12-31T23:59:60Z', '+275760-09-13T00:00:00Z', '2026-02-30T00:00:00Z', 'now'],
  ...['http://[::1', 'http://a b/', 'file:///etc/passwd', 'http://169.254.169.254/', 'http://x@y/'],
  'x'.repeat(5_000),
]

export const oddText = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ maxLength: 300 }),
)

const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.constantFrom(null, true, false, 0, -0, -1, 1.5, 1e308, 5e-324, 2 ** 53, 2 ** 31, [], {}),
  fc.constantFrom([[]], [null], { a: null }, nested(190), nested(300), ['x', 'x']),
  fc.jsonValue({ maxDepth: 2 }),
)

function nested(depth: number): unknown {
  let value: unknown = []
  for (let i = 0; i < depth; i++) value = [value]
  return value
}

type Change = { readonly at: number; readonly how: 'set' | 'drop' | 'add'; readonly to: unknown }

const changes = fc.array(
  fc.record({
    at: fc.nat(50),
    how: fc.constantFrom('set' as const, 'drop' as const, 'add' as const),
    to: oddValue,
    name: oddText,
  }),
  { minLength: 1, maxLength: 2 },
)

/** The value with one or two places of it replaced, left out or added. */
export function spoiled(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(values, changes)
    .map(([value, all]) => all.reduce((each, change) => changed(each, change), value))
}

function changed(value: unknown, change: Change & { readonly name: string }): unknown {
  const places = placesOf(value, [])
  const path = places[change.at % places.length] ?? []
  if (change.how === 'add') return withAt(value, [...path, change.name], change.to)
  if (change.how === 'drop' && path.length > 0) return withAt(value, path, undefined)
  return withAt(value, path, change.to)
}

type Path = readonly (string | number)[]

function placesOf(value: unknown, path: Path): Path[] {
  if (typeof value !== 'object' || value === null || path.length > 4) return [path]
  const inside = Object.entries(value).flatMap(([key, of]) => placesOf(of, [...path, key]))
  return [path, ...inside]
}

function withAt(value: unknown, [first, ...rest]: Path, to: unknown): unknown {
  if (first === undefined) return to
  if (Array.isArray(value)) {
    const at = Number(first)
    // A name that was made up, like "-1", is no place of an array.
    if (!(at >= 0 && at < value.length)) return [...value, to]
    return value.with(at, withAt(value[at], rest, to))
  }
  const object = typeof value === 'object' && value !== null ? value : {}
  const inner = (object as Record<string, unknown>)[first]
  return Object.fromEntries([
    ...Object.entries(object).filter(([key]) => key !== first),
    [first, withAt(inner, rest, to)],
  ])
}

/** Bytes of JSON, whole or cut, with bytes in them that are no UTF-8, or written another way. */
export function bytesOf(json: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> {
  const text = json.map((value) => JSON.stringify(value) ?? '')
  return fc.oneof(
    { weight: 12, arbitrary: text.map((each) => Buffer.from(each)) },
    fc.tuple(text, fc.nat(200)).map(([each, at]) => Buffer.from(each.slice(0, at))),
    fc.tuple(text, fc.nat(200), fc.uint8Array({ maxLength: 3 })).map(([each, at, bytes]) => {
      return Buffer.concat([Buffer.from(each.slice(0, at)), bytes, Buffer.from(each.slice(at))])
    }),
    text.map((each) => Buffer.from(each, 'utf16le')),
    text.map((each) => Buffer.from(`\ufeff${each}`)),
    text.map((each) => Buffer.from(each.replace('{', '{"type":"a","type":"b",'))),
    text.map((each) => Buffer.from(each.replace('}', ',"__proto__":{"x":1}}'))),
    fc
      .constantFrom('', ' ', '\n'.repeat(70_000), '['.repeat(70_000), '1', 'null', '""')
      .map((each) => Buffer.from(each)),
    fc.uint8Array({ maxLength: 30 }).map((each) => Buffer.from(each)),
  )
}
