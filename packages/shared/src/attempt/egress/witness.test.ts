import { expect, test } from 'vitest'
import { Witness } from './witness.ts'

test('a proxy that lets nobody through is blamed, however often', () => {
  const witness = new Witness()
  witness.opened('a')
  for (let i = 0; i < 5; i++) {
    expect(witness.refused('a')).toBe('proxy')
    expect(witness.refused('b')).toBe('proxy')
  }
})

test('a receiver is blamed once others have got through since its last refusal', () => {
  const witness = new Witness()
  expect(witness.refused('a')).toBe('proxy')
  witness.opened('b')
  expect(witness.refused('a')).toBe('receiver')
  expect(witness.refused('a')).toBe('proxy')
  witness.opened('b')
  expect(witness.refused('a')).toBe('receiver')
})

test('a receiver that got through itself begins anew', () => {
  const witness = new Witness()
  witness.refused('a')
  witness.opened('a')
  expect(witness.refused('a')).toBe('proxy')
})

test('of very many refused origins the latest are remembered', () => {
  const witness = new Witness()
  witness.refused('first')
  for (let i = 0; i < 10_000; i++) witness.refused(`${i}`)
  witness.opened('other')
  expect(witness.refused('first')).toBe('proxy')
  expect(witness.refused('9999')).toBe('receiver')
})
