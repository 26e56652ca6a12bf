import { expect, onTestFinished, test, vi } from 'vitest'
import { mergeSources } from './merge.ts'
import { fillPage } from './page.ts'
import { comparePlaces, mayFollow, type Place } from './place.ts'
import type { Source } from './sources.ts'

const place = (atMs: number, event = `acme/e${atMs}`): Place => ({ atMs, event })

const sourceOf = (places: readonly Place[], size: number): Source => {
  let from = 0
  return {
    async next() {
      from += size
      return places.slice(from - size, from)
    },
  }
}

async function pagesOf(all: readonly Place[], limit: number, keep: (one: Place) => boolean) {
  const pages: number[][] = []
  let after: Place | undefined
  do {
    const rest = all.filter((one) => !after || mayFollow(one, after))
    const page = await fillPage(mergeSources([sourceOf(rest, 3)]), {
      limit,
      firstBatch: 2,
      load: async (some) => some.filter(keep).map((one) => ({ place: one, item: one.atMs })),
    })
    pages.push([...page.items])
    after = page.next
  } while (after)
  return pages
}

const hundred = Array.from({ length: 100 }, (_, i) => place(100 - i))

test.each([1, 7, 50, 99, 100, 101])(
  'pages of %i are the list without gap or repeat',
  async (limit) => {
    const pages = await pagesOf(hundred, limit, () => true)
    expect(pages.flat()).toEqual(hundred.map(({ atMs }) => atMs))
    expect(pages.length).toBe(Math.ceil(100 / limit))
  },
)

test('a filter that passes few fills its page all the same', async () => {
  const pages = await pagesOf(hundred, 4, ({ atMs }) => atMs % 10 === 0)
  expect(pages).toEqual([
    [100, 90, 80, 70],
    [60, 50, 40, 30],
    [20, 10],
  ])
})

test('a scan ends after 4,000 candidates, with the place to go on', async () => {
  const many = Array.from({ length: 10_000 }, (_, i) => place(10_000 - i))
  let seen = 0
  const { items, next } = await fillPage(mergeSources([sourceOf(many, 100)]), {
    limit: 10,
    firstBatch: 11,
    load: async (some) => {
      seen += some.length
      return []
    },
  })
  expect([items.length, seen, next]).toEqual([0, 4_000, place(6_001)])
})

test.each([
  ['after 100 ms', 10, 2_693],
  ['once it has seen 500 candidates, however long they take', 200, 693],
])('on a busy machine a scan ends %s', async (_, tookMs, seen) => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const many = Array.from({ length: 10_000 }, (_, i) => place(10_000 - i))
  const { next } = await fillPage(mergeSources([sourceOf(many, 100)]), {
    limit: 10,
    firstBatch: 11,
    load: async () => {
      vi.advanceTimersByTime(tookMs)
      return []
    },
  })
  expect(next).toEqual(place(10_001 - seen))
})

test('a page ends early at its weight', async () => {
  const { items, next } = await fillPage(mergeSources([sourceOf(hundred, 10)]), {
    limit: 50,
    firstBatch: 16,
    maxWeight: 10,
    load: async (some) => some.map((one) => ({ place: one, item: one.atMs, weight: 4 })),
  })
  expect([items, next]).toEqual([[100, 99, 98], place(98)])
})

test('several lists become one, newest first, each entry once', async () => {
  const lists = [
    [place(9), place(5), place(1)],
    [place(8), place(5), place(5, 'acme/a')],
    [],
    [place(9), place(7)],
  ]
  const merged: Place[] = []
  for await (const one of mergeSources(lists.map((list) => sourceOf(list, 2)))) merged.push(one)
  expect(merged).toEqual([place(9), place(8), place(7), place(5), place(5, 'acme/a'), place(1)])
})

test('an event that is passed through is looked at again, its earlier deliveries are not', () => {
  const event = place(5, 'acme/e')
  const deliveries = ['wh_3', 'wh_2', 'wh_1'].map((webhookId) => ({ ...event, webhookId }))
  expect(deliveries.toReversed().toSorted(comparePlaces)).toEqual(deliveries)
  const after = deliveries[1] as Place
  expect(mayFollow(event, after)).toBe(true)
  expect(deliveries.map((one) => mayFollow(one, after))).toEqual([false, false, true])
  expect(mayFollow(place(5, 'acme/e-1'), after)).toBe(
    comparePlaces(place(5, 'acme/e-1'), after) > 0,
  )
})
