import type { List } from 'posthorn'

/** The first items of a list, of as many pages as it takes. */
export async function firstOf<Item>(list: List<Item>, limit: number): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of list) {
    found.push(item)
    if (found.length >= limit) break
  }
  return found
}
