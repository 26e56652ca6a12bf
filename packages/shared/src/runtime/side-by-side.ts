/** Works on every item, on at most `atOnce` of them at a time. Rejects with what `work` rejects with first. */
export async function sideBySide<Item>(
  items: Iterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  // They share one iterator: each item is taken once.
  const left = items[Symbol.iterator]()
  const some = async () => {
    for (let next = left.next(); !next.done; next = left.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: atOnce }, some))
}
