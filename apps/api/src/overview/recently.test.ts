import { expect, test } from 'vitest'
import { recently } from './recently.ts'

test('an answer is asked for once while it is young, for each key, and anew after a failure', async () => {
  let nowMs = 0
  const asked: string[] = []
  const read = recently(
    1_000,
    async (key) => {
      asked.push(key)
      if (key === 'bad') throw new Error('away')
      return asked.length
    },
    () => nowMs,
  )
  expect(await Promise.all([read('a'), read('a'), read('b')])).toEqual([1, 1, 2])
  nowMs = 999
  expect(await read('a')).toBe(1)
  nowMs = 1_000
  expect(await read('a')).toBe(3)
  await expect(read('bad')).rejects.toThrow('away')
  await expect(read('bad')).rejects.toThrow('away')
  expect(asked).toEqual(['a', 'b', 'a', 'bad', 'bad'])
})
