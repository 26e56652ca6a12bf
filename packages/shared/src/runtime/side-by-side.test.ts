import { expect, test } from 'vitest'
import { sideBySide } from './side-by-side.ts'

test('every item is worked on once, as many at a time as allowed and no more', async () => {
  const items = Array.from({ length: 20 }, (_, i) => i)
  const seen: number[] = []
  let [now, most] = [0, 0]
  await sideBySide(items, 3, async (item) => {
    seen.push(item)
    most = Math.max(most, ++now)
    await Promise.resolve()
    now--
  })
  expect(seen.sort((a, b) => a - b)).toEqual(items)
  expect(most).toBe(3)
})

test('what cannot be done is told', async () => {
  const failing = sideBySide(['a', 'b'], 2, (item) => Promise.reject(new Error(item)))
  await expect(failing).rejects.toThrow('a')
})
