import { describe, expect, test } from 'vitest'
import {
  EnvelopeError,
  EnvelopeKindError,
  parseEnvelope,
  splitArray,
  splitLines,
} from './envelope.ts'

const bytes = (text: string) => Buffer.from(text)

describe('parseEnvelope', () => {
  test.each([
    ['12345678901234567890'],
    ['1.0'],
    ['1e400'],
    ['-0'],
    ['null'],
    ['"a\\u00e9\\ud800\\/ \\" , } ]"'],
    ['{"b":1,"a":[1, 2,{"x":"}"}],  "b" : 2}'],
    ['[[],{},"",[{"a":"\\\\"}]]'],
    ['"é😀"'],
  ])('keeps the bytes of data: %s', (data) => {
    for (const text of [
      `{"type":"a","data":${data}}`,
      ` { "data" : ${data} , "type" : "a" } `,
      `{\n\t"data":${data}\r\n,"type":"a"}`,
    ]) {
      const envelope = parseEnvelope(bytes(text))
      expect(envelope.data?.toString()).toBe(data)
      expect({ ...envelope.fields }).toEqual({ type: 'a' })
    }
  })

  test('finds data under an escaped key, too', () => {
    expect(parseEnvelope(bytes('{"d\\u0061ta":7}')).data?.toString()).toBe('7')
  })

  test('keeps a key named __proto__ a plain field', () => {
    const { fields } = parseEnvelope(bytes('{"__proto__":{"x":1}}'))
    expect(Object.keys(fields)).toEqual(['__proto__'])
  })

  test('has no data when the envelope has none', () => {
    expect(parseEnvelope(bytes('{}')).data).toBeUndefined()
  })

  test.each([
    '',
    '{',
    '{"a":1,}',
    '{"a" 1}',
    '{"a":01}',
    '{"a":1}x',
    "{'a':1}",
    '{"a":1,"a":1}',
    '{"data":1,"d\\u0061ta":2}',
    '\ufeff{}',
  ])('refuses %j', (text) => {
    expect(() => parseEnvelope(bytes(text))).toThrow(EnvelopeError)
  })

  test.each(['null', '[]', '1', '"a"', 'true'])('says of %s that it is no object', (text) => {
    expect(() => parseEnvelope(bytes(text))).toThrow(EnvelopeKindError)
  })

  test('refuses bytes that are not UTF-8', () => {
    const broken = Buffer.concat([bytes('{"data":"'), Buffer.from([0xc3, 0x28]), bytes('"}')])
    expect(() => parseEnvelope(broken)).toThrow('UTF-8')
  })

  test('reads data nested 100,000 deep', () => {
    const data = '['.repeat(100_000) + ']'.repeat(100_000)
    expect(parseEnvelope(bytes(`{"data":${data}}`)).data?.length).toBe(200_000)
  })
})

describe('splitArray', () => {
  test.each([
    ['[]', []],
    [' [ ] ', []],
    ['[1]', ['1']],
    ['[{"a":"],["}, [1,2] ,"x"]', ['{"a":"],["}', '[1,2]', '"x"']],
  ])('splits %s', (text, expected) => {
    expect(splitArray(bytes(text), 10).map(String)).toEqual(expected)
  })

  test.each(['', '[', '[1', '[,]', '[1,]', '[1,,2]', '[1]x', '[1 2]'])('refuses %j', (text) => {
    expect(() => splitArray(bytes(text), 10)).toThrow(EnvelopeError)
  })
})

test('splitArray says of an object that it is no array', () => {
  expect(() => splitArray(bytes('{}'), 10)).toThrow(EnvelopeKindError)
})

test('splitLines leaves out empty lines and takes a last line without a newline', () => {
  expect(splitLines(bytes('{"a":1}\r\n\n  \n{"b":2}'), 10).map(String)).toEqual([
    '{"a":1}\r',
    '{"b":2}',
  ])
})
