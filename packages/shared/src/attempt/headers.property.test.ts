import { validateHeaderName, validateHeaderValue } from 'node:http'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkCustomHeaders } from './headers.ts'

const NUM_RUNS = 1_000

const accepted = (headers: Record<string, string>) => checkCustomHeaders(headers).length === 0

/** Often what is nearly a header: names and values of letters with one strange character. */
const strange = fc.oneof(
  fc.constantFrom(
    '\r',
    '\n',
    '\r\n',
    '\0',
    '\t',
    ' ',
    ':',
    '\x7f',
    '\x80',
    'é',
    'ÿ',
    '\u010a',
    '✓',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
)
const near = fc
  .tuple(fc.stringMatching(/^[\w-]{0,6}$/), fc.option(strange), fc.stringMatching(/^[\w-]{0,6}$/))
  .map(([before, character, behind]) => before + (character ?? '') + behind)
const anyText = fc.oneof({ weight: 4, arbitrary: near }, fc.string(), fc.string({ unit: 'binary' }))

test('whatever is accepted is ASCII on one line, and Node takes it', () => {
  const property = fc.property(anyText, anyText, (name, value) => {
    if (!accepted({ [name]: value })) return
    expect(name).toMatch(/^[\x21-\x7e]+$/)
    expect(value).toMatch(/^[\t\x20-\x7e]*$/)
    validateHeaderName(name)
    validateHeaderValue(name, value)
  })
  fc.assert(property, { numRuns: 5 * NUM_RUNS })
})

test('whatever Node refuses is refused', () => {
  const property = fc.property(anyText, anyText, (name, value) => {
    if (!nodeTakes(name, value)) expect(accepted({ [name]: value })).toBe(false)
  })
  fc.assert(property, { numRuns: 5 * NUM_RUNS })
})

function nodeTakes(name: string, value: string): boolean {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}

test('a plain name with a plain value is accepted, so that refusing everything is no way out', () => {
  const name = fc.stringMatching(/^[Xx]-[A-Za-z\d!#$%&'*+.^_`|~-]{1,20}$/)
  const value = fc.stringMatching(/^[!-~]([ -~\t]{0,20}[!-~])?$/)
  const property = fc.property(name, value, (each, of) => {
    expect(checkCustomHeaders({ [each]: of })).toEqual([])
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})

// Written here once more on purpose: what frames the message or is said by us (docs/signatures.md).
const OURS = [
  ...['host', 'content-length', 'transfer-encoding', 'connection', 'upgrade', 'te', 'trailer'],
  ...['keep-alive', 'expect', 'content-type', 'content-encoding', 'user-agent'],
  ...['proxy-authorization', 'proxy-connection', 'webhook-id', 'webhook-timestamp'],
  ...['webhook-signature', 'posthorn-attempt', 'posthorn-event-type', 'posthorn-delivery-id'],
]

test('a name that is ours is refused in every mix of capitals, whatever its value', () => {
  const name = fc
    .constantFrom(...OURS)
    .chain((each) => fc.mixedCase(fc.constant(each), { untoggleAll: (text) => text }))
  const property = fc.property(name, anyText, (each, value) => {
    expect(checkCustomHeaders({ [each]: value }).map(({ code }) => code)).toContain('reserved')
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})

test('no family of names that is ours has a gap', () => {
  const rest = fc.stringMatching(/^[\w-]{0,20}$/)
  const family = fc.mixedCase(fc.constantFrom('webhook-', 'posthorn-', 'proxy-'))
  const property = fc.property(family, rest, (prefix, suffix) => {
    expect(accepted({ [prefix + suffix]: 'x' })).toBe(false)
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})

test('no answer about a header repeats its value', () => {
  const secret = 'hunter2-hunter2'
  const property = fc.property(anyText, anyText, (name, more) => {
    const problems = checkCustomHeaders({ [name]: `\n${secret}${more}` })
    expect(problems.length).toBeGreaterThan(0)
    for (const { message } of problems) expect(message).not.toContain(secret)
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})
