interface Waiting<Item, Answer> {
  readonly item: Item
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/**
 * Commits what is added in groups, one at a time: whoever comes while one is under way joins the next. So
 * an idle one adds no latency, and a busy one needs few round trips.
 */
export class GroupCommit<Item, Answer = void> {
  readonly #commit: (items: readonly Item[]) => Promise<Answer>
  readonly #most: number
  readonly #waiting: Waiting<Item, Answer>[] = []
  #busy = false

  /** @param most items of one group */
  constructor(
    commit: (items: readonly Item[]) => Promise<Answer>,
    most: number = Number.POSITIVE_INFINITY,
  ) {
    this.#commit = commit
    this.#most = most
  }

  /** Ends as the commit of the group does that the item goes with. */
  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      if (!this.#busy) void this.#flush()
    })
  }

  async #flush(): Promise<void> {
    this.#busy = true
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, this.#most)
      try {
        const answer = await this.#commit(group.map(({ item }) => item))
        for (const { resolve } of group) resolve(answer)
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#busy = false
  }
}
