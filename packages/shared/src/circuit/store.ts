import { type LaneName, laneName, parseLaneName } from '../lane/entry.ts'
import { circuitKey, circuitsKey } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import type { Circuit } from './circuit.ts'

/** KEYS: circuit. ARGV: text it was read as, text it becomes ('' for none). Answers 0 if it changed since. */
const SWAP = defineScript(`
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[2]) end
return 1
`)

/** What the list of circuits tells of each: enough to let deliveries pass or park. */
export interface ListedCircuit extends LaneName {
  /** When an open one is to be probed; undefined: closed, but failing. */
  readonly probeAtMs: number | undefined
  /** Since when it is open; undefined also of one that an older version listed last. */
  readonly openSinceMs: number | undefined
}

/**
 * Circuits of the webhooks that fail: each in its lane's slot, where the script that takes from the lane
 * reads it, and a list of all. The list is written last. A kill in between leaves it behind the circuit;
 * whoever finds the two apart calls `relist`.
 */
export class CircuitStore {
  readonly #redis: RedisClient
  readonly #namespace: string

  constructor(redis: RedisClient, namespace: string) {
    this.#redis = redis
    this.#namespace = namespace
  }

  async read(webhookId: string): Promise<Circuit | undefined> {
    return decode((await this.#redis.get(circuitKey(this.#namespace, webhookId))) ?? '')
  }

  /** Applies `change`, which must be pure: if somebody else was quicker it is made anew. */
  async change(
    lane: LaneName,
    change: (current: Circuit | undefined) => Circuit | undefined,
  ): Promise<{ before: Circuit | undefined; after: Circuit | undefined }> {
    const key = circuitKey(this.#namespace, lane.webhookId)
    for (;;) {
      const text = (await this.#redis.get(key)) ?? ''
      const before = decode(text)
      const after = change(before)
      const next = encode(after)
      if (next !== text && (await SWAP.run(this.#redis, [key], [text, next])) !== 1) continue
      if (before || after) await this.#list(lane, after)
      return { before, after }
    }
  }

  /** Makes the list say of this circuit what is. */
  async relist(lane: LaneName): Promise<void> {
    await this.#list(lane, await this.read(lane.webhookId))
  }

  async list(): Promise<ListedCircuit[]> {
    const listed = await this.#redis.hgetall(circuitsKey(this.#namespace))
    return Object.entries(listed).map(([name, times]) => ({
      ...parseLaneName(name),
      ...parseTimes(times),
    }))
  }

  async #list(lane: LaneName, circuit: Circuit | undefined): Promise<void> {
    const key = circuitsKey(this.#namespace)
    if (circuit) await this.#redis.hset(key, laneName(lane), timesOf(circuit))
    else await this.#redis.hdel(key, laneName(lane))
  }
}

/** `<when to probe> <open since>`, empty of a closed one. */
const timesOf = ({ open }: Circuit): string => (open ? `${open.probeAtMs} ${open.sinceMs}` : '')

function parseTimes(text: string): Pick<ListedCircuit, 'probeAtMs' | 'openSinceMs'> {
  if (text === '') return { probeAtMs: undefined, openSinceMs: undefined }
  const [probeAt, openSince] = text.split(' ')
  return {
    probeAtMs: Number(probeAt),
    openSinceMs: openSince === undefined ? undefined : Number(openSince),
  }
}

/** `<o|c> <when to probe> <JSON>`: the lane's script reads the first two. */
function encode(circuit: Circuit | undefined): string {
  if (!circuit) return ''
  return `${circuit.state[0]} ${circuit.open?.probeAtMs ?? 0} ${JSON.stringify(circuit)}`
}

/** One that cannot be read counts as none: it is made anew from what is seen from now on. */
function decode(text: string): Circuit | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text.slice(text.indexOf('{'))) as Circuit)
  } catch {
    return undefined
  }
}
