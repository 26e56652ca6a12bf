import type { Place } from './place.ts'

/** A page of a list; `next` is where the following one begins, undefined at the end. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly next: Place | undefined
}

/** Something found at a candidate's place, or within it. */
export interface Found<Item> {
  readonly place: Place
  readonly item: Item
  /** Bytes or the like; a page ends early when their sum reaches `maxWeight`. */
  readonly weight?: number
}

export interface PageOptions<Item> {
  readonly limit: number
  /** Looks at candidates, in order, and answers what passes, in order. */
  readonly load: (candidates: readonly Place[]) => Promise<readonly Found<Item>[]>
  /** How many candidates to load at first. */
  readonly firstBatch: number
  readonly maxWeight?: number
}

/** A call looks at no more candidates than this. A page may then be short, even empty. */
const MAX_CANDIDATES = 4_000
const MAX_BATCH = 500
/** Nor for longer, beyond so many as every call looks at: then a busy machine answers no later, but with less. */
const MAX_SCAN_MS = 100
const SURE_CANDIDATES = 500

/**
 * Fills a page from candidates. Filters can pass few of them, so the batches grow with how few
 * passed; what a page lacks at the end of its scan is for the next one.
 */
export async function fillPage<Item>(
  candidates: AsyncIterator<Place>,
  options: PageOptions<Item>,
): Promise<Page<Item>> {
  const { limit, load, maxWeight = Number.POSITIVE_INFINITY } = options
  const items: Item[] = []
  let lastTaken: Place | undefined
  let weight = 0
  let seen = 0
  let size = options.firstBatch
  const startedAt = performance.now()
  const mayGoOn = () =>
    seen < SURE_CANDIDATES || (seen < MAX_CANDIDATES && performance.now() - startedAt < MAX_SCAN_MS)
  for (;;) {
    const batch = await take(candidates, Math.min(size, MAX_BATCH, MAX_CANDIDATES - seen))
    if (batch.length === 0) return { items, next: undefined }
    seen += batch.length
    for (const found of await load(batch)) {
      if (items.length === limit || weight >= maxWeight) return { items, next: lastTaken }
      items.push(found.item)
      weight += found.weight ?? 0
      lastTaken = found.place
    }
    size = nextSize(size, seen, items.length, limit)
    if (!mayGoOn()) return { items, next: batch.at(-1) }
  }
}

/** As many as are likely to be needed, at most twice as many as before. */
function nextSize(size: number, seen: number, found: number, limit: number): number {
  const needed = found === 0 ? size * 2 : Math.ceil(((limit + 1 - found) * seen) / found)
  return Math.max(1, Math.min(needed, size * 2))
}

async function take(candidates: AsyncIterator<Place>, count: number): Promise<Place[]> {
  const taken: Place[] = []
  while (taken.length < count) {
    const { value, done } = await candidates.next()
    if (done) break
    taken.push(value)
  }
  return taken
}
