import type { Shard } from '@posthorn/shared/queue/keys.ts'
import { type SettlerDeps, ShardSettler } from './shard-settler.ts'

/** Writes outcomes, each shard by itself: one that cannot be written holds up no other. */
export class Settler {
  readonly #deps: SettlerDeps
  readonly #shards = new Map<Shard, ShardSettler>()

  constructor(deps: SettlerDeps) {
    this.#deps = deps
  }

  of(shard: Shard): ShardSettler {
    const known = this.#shards.get(shard)
    if (known) return known
    const settler = new ShardSettler(shard, this.#deps)
    this.#shards.set(shard, settler)
    return settler
  }

  /** Shards whose outcomes cannot be recorded: nothing of theirs is sent. */
  get unwritable(): Shard[] {
    return [...this.#shards].filter(([, { writable }]) => !writable).map(([shard]) => shard)
  }

  /** Resolves when nothing waits to be written. */
  async whenIdle(): Promise<void> {
    await Promise.all([...this.#shards.values()].map((each) => each.whenIdle()))
  }
}
