import { expect, test } from 'vitest'
import { GroupCommit } from './group-commit.ts'

/** Commits end when they are told to. */
function told(most?: number) {
  const groups: { items: readonly string[]; end: PromiseWithResolvers<number> }[] = []
  const commit = new GroupCommit<string, number>((items) => {
    const end = Promise.withResolvers<number>()
    groups.push({ items, end })
    return end.promise
  }, most)
  return { commit, groups, itemsOf: () => groups.map(({ items }) => items) }
}

test('what comes while a group is under way goes together in the next one', async () => {
  const { commit, groups, itemsOf } = told()
  const answers = ['a', 'b', 'c'].map((item) => commit.add(item))
  expect(itemsOf()).toEqual([['a']])
  groups[0]?.end.resolve(1)
  await answers[0]
  await expect.poll(itemsOf).toEqual([['a'], ['b', 'c']])
  groups[1]?.end.resolve(2)
  expect(await Promise.all(answers)).toEqual([1, 2, 2])
})

test('a group that fails fails for its own, and the next one is committed all the same', async () => {
  const { commit, groups } = told(1)
  const [first, second] = [commit.add('a'), commit.add('b')]
  groups[0]?.end.reject(new Error('no'))
  await expect(first).rejects.toThrow('no')
  await expect.poll(() => groups.length).toBe(2)
  groups[1]?.end.resolve(2)
  expect(await second).toBe(2)
})

test('a group holds no more than allowed', async () => {
  const { commit, groups, itemsOf } = told(2)
  const answers = ['a', 'b', 'c', 'd'].map((item) => commit.add(item))
  for (let i = 0; i < 3; i++) {
    await expect.poll(() => groups.length).toBe(i + 1)
    groups[i]?.end.resolve(i)
  }
  expect(await Promise.all(answers)).toEqual([0, 1, 1, 2])
  expect(itemsOf()).toEqual([['a'], ['b', 'c'], ['d']])
})
