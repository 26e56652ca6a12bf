import type { RedisClient } from '../runtime/redis.ts'
import { decodeChunk, secondOf } from './chunk.ts'
import { comparePlaces, eventPlace, mayFollow, type Place } from './place.ts'

/** Candidates of one stored list, newest first, some at a time. */
export interface Source {
  /** An empty answer means the end. */
  next(): Promise<Place[]>
}

/** Which part of a list is wanted: since ≤ time < until, beyond a place. In ms. */
export interface Window {
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
  readonly after?: Place | undefined
}

const FIRST_CHUNKS = 8
const MAX_CHUNKS = 256

const newest = ({ untilMs = Number.POSITIVE_INFINITY, after }: Window) =>
  Math.min(untilMs - 1, after?.atMs ?? Number.POSITIVE_INFINITY)

const within = ({ sinceMs, untilMs, after }: Window, place: Place): boolean =>
  (sinceMs === undefined || place.atMs >= sinceMs) &&
  (untilMs === undefined || place.atMs < untilMs) &&
  (after === undefined || mayFollow(place, after))

/** A list of events that is stored in chunks. A second is emitted only once all its chunks are read. */
export class ChunkSource implements Source {
  readonly #redis: RedisClient
  readonly #key: string
  readonly #window: Window
  #maxSecond: number
  #chunks = FIRST_CHUNKS

  constructor(redis: RedisClient, key: string, window: Window) {
    this.#redis = redis
    this.#key = key
    this.#window = window
    this.#maxSecond = secondOf(newest(window))
  }

  async next(): Promise<Place[]> {
    const minSecond = secondOf(this.#window.sinceMs ?? 0)
    while (this.#maxSecond >= minSecond) {
      const places = (await this.#read(minSecond)).filter((place) => within(this.#window, place))
      this.#chunks = Math.min(this.#chunks * 2, MAX_CHUNKS)
      if (places.length > 0) return places.sort(comparePlaces)
    }
    return []
  }

  async #read(minSecond: number): Promise<Place[]> {
    const max = Number.isFinite(this.#maxSecond) ? this.#maxSecond : '+inf'
    const found = scored(
      await this.#redis.zrevrangebyscore(
        this.#key,
        max,
        minSecond,
        'WITHSCORES',
        'LIMIT',
        0,
        this.#chunks,
      ),
    )
    if (found.length < this.#chunks) {
      this.#maxSecond = Number.NEGATIVE_INFINITY
      return found.flatMap(placesOf)
    }
    const last = (found.at(-1) as Scored).score
    const whole = found.filter(({ score }) => score > last)
    this.#maxSecond = last
    if (whole.length > 0) return whole.flatMap(placesOf)
    this.#maxSecond = last - 1
    const second = await this.#redis.zrangebyscore(this.#key, last, last, 'WITHSCORES')
    return scored(second).flatMap(placesOf)
  }
}

const placesOf = ({ member, score }: Scored): Place[] => decodeChunk(score, member).map(eventPlace)

/** Deliveries of one webhook in one state: a sorted set of `<tenant>/<event>` by time. */
export class StateSource implements Source {
  readonly #redis: RedisClient
  readonly #key: string
  readonly #webhookId: string
  readonly #window: Window
  #offset = 0
  #count: number
  #ended = false

  /** `first`: how many to read at first; each further read is twice as large. */
  constructor(redis: RedisClient, key: string, webhookId: string, window: Window, first: number) {
    this.#redis = redis
    this.#key = key
    this.#webhookId = webhookId
    this.#window = window
    this.#count = first
  }

  async next(): Promise<Place[]> {
    while (!this.#ended) {
      const places = (await this.#read()).filter((place) => within(this.#window, place))
      if (places.length > 0) return places
    }
    return []
  }

  async #read(): Promise<Place[]> {
    const max = newest(this.#window)
    const found = scored(
      await this.#redis.zrevrangebyscore(
        this.#key,
        Number.isFinite(max) ? max : '+inf',
        this.#window.sinceMs ?? '-inf',
        'WITHSCORES',
        'LIMIT',
        this.#offset,
        this.#count,
      ),
    )
    this.#ended = found.length < this.#count
    this.#offset += found.length
    this.#count = Math.min(this.#count * 2, 1_000)
    return found.map(({ member, score }) => ({
      atMs: score,
      event: member,
      webhookId: this.#webhookId,
    }))
  }
}

interface Scored {
  readonly member: string
  readonly score: number
}

function scored(flat: readonly string[]): Scored[] {
  const found: Scored[] = []
  for (let i = 0; i < flat.length; i += 2) {
    found.push({ member: flat[i] as string, score: Number(flat[i + 1]) })
  }
  return found
}
