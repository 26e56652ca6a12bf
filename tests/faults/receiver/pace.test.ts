import { expect, test } from 'vitest'
import { PaceBook } from './pace.ts'

test('requests count from when they are asked for, by the fullest second and by how many were open', () => {
  const book = new PaceBook()
  book.began(0)(1)
  expect(book.take()).toEqual({ fullestSecond: 0, mostAtOnce: 0 })
  book.began(10)(500)
  const endLast = book.began(900)
  book.began(950)(960)
  book.began(1_500)(1_510)
  expect(book.take()).toEqual({ fullestSecond: 3, mostAtOnce: 2 })
  endLast(2_000)
})
