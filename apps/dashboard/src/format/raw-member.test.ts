import { describe, expect, it } from 'vitest'
import { rawMember } from './raw-member.ts'

describe('the bytes of a payload are found as they were written', () => {
  it.each([
    ['{"a":1,"data":12345678901234567890}', '12345678901234567890'],
    ['{"data":{"data":1.0,"x":[",}"]},"b":2}', '{"data":1.0,"x":[",}"]}'],
    ['{"labels":{"data":"no"},"data" : "\\u0041\\"}" , "z":[]}', '"\\u0041\\"}"'],
    ['{"x":"data","data":null}', 'null'],
    ['{"data":[1,[2,{"a":3}]],"data2":4}', '[1,[2,{"a":3}]]'],
  ])('%s', (json, raw) => {
    expect(rawMember(json, 'data')).toBe(raw)
  })

  it('what is not there is not found, also not deeper down', () => {
    expect(rawMember('{"a":{"data":1}}', 'data')).toBeUndefined()
  })
})
