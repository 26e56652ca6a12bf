import type { NewEvent, Published } from './api/schema.ts'
import type { BatchResult } from './publish/batch-result.ts'
import { publish } from './publish/publish.ts'
import {
  type BatchOptions,
  type Events as EventsToPublish,
  publishBatch,
  publishStream,
} from './publish/publish-batch.ts'
import type { CallOptions, Connection } from './request/connection.ts'
import { ApiKeys } from './resources/api-keys.ts'
import { DeadLetters } from './resources/dead-letters.ts'
import { Deliveries } from './resources/deliveries.ts'
import { Events } from './resources/events.ts'
import { PortalLinks } from './resources/portal-links.ts'
import { Requests } from './resources/requests.ts'
import { Sources } from './resources/sources.ts'
import { Tasks } from './resources/tasks.ts'
import { Webhooks } from './resources/webhooks.ts'
import { attempts, type LiveAttempt, type StreamOptions } from './stream/attempts.ts'

export interface PosthornOptions {
  /** Where the API is, e.g. `https://posthorn.internal`; a path before `/v1` may follow. */
  readonly url: string
  /** An API key, or the root key. */
  readonly key: string
  /** Of one request, its answer included. Default 10 s. */
  readonly timeoutMs?: number | undefined
  /** Of a call, with all its tries and the waits between them. Default 30 s. */
  readonly deadlineMs?: number | undefined
  /** Waits between tries, doubled from the first (200 ms) to the longest (5 s). */
  readonly backoff?: { readonly firstMs: number; readonly maxMs: number } | undefined
  /** Instead of the platform's own, e.g. with a proxy or a tracer. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

const DEFAULTS = {
  timeoutMs: 10_000,
  deadlineMs: 30_000,
  backoff: { firstMs: 200, maxMs: 5_000 },
}

/** A client of one Posthorn. It holds no connection and need not be closed. */
export class Posthorn {
  readonly events: Events
  readonly webhooks: Webhooks
  readonly deliveries: Deliveries
  readonly deadLetters: DeadLetters
  readonly tasks: Tasks
  readonly sources: Sources
  readonly apiKeys: ApiKeys
  readonly portalLinks: PortalLinks
  readonly #connection: Connection

  /** @throws TypeError for a URL that is none, or no key */
  constructor(options: PosthornOptions) {
    this.#connection = connectionOf(options)
    const requests = new Requests(this.#connection)
    this.events = new Events(requests)
    this.webhooks = new Webhooks(requests)
    this.deliveries = new Deliveries(requests)
    this.deadLetters = new DeadLetters(requests)
    this.tasks = new Tasks(requests)
    this.sources = new Sources(requests)
    this.apiKeys = new ApiKeys(requests)
    this.portalLinks = new PortalLinks(requests)
  }

  /**
   * Publishes an event. Once this resolves it will be delivered, or become a dead letter. It is tried
   * again under one id until the deadline, and is never taken twice.
   * @throws PosthornError with `eventId`
   */
  publish(event: NewEvent, options?: CallOptions): Promise<Published> {
    return publish(this.#connection, event, options)
  }

  /**
   * Publishes any number of events and resolves with what became of each, in order. A bad one harms no
   * other; one that could not be taken is tried again by itself until its batch's deadline.
   * @throws PosthornBatchError with the results so far: no valid key, or `events` itself failed
   */
  publishBatch(events: EventsToPublish, options?: BatchOptions): Promise<BatchResult[]> {
    return publishBatch(this.#connection, events, options)
  }

  /** As `publishBatch`, for a source without an end: publishes as its results are asked for. */
  publishStream(
    events: EventsToPublish,
    options?: BatchOptions,
  ): AsyncGenerator<BatchResult, void, undefined> {
    return publishStream(this.#connection, events, options)
  }

  /** Attempts as they end, from now on. */
  attempts(options?: StreamOptions): AsyncGenerator<LiveAttempt, void, undefined> {
    return attempts(this.#connection, options)
  }
}

function connectionOf({ url, key, fetch, ...limits }: PosthornOptions): Connection {
  const parsed = new URL(url)
  if (!/^https?:$/.test(parsed.protocol)) throw new TypeError(`${url} is no http(s) URL`)
  if (typeof key !== 'string' || key === '') throw new TypeError('The key is empty')
  return {
    url: parsed.origin + parsed.pathname.replace(/\/+$/, ''),
    key,
    // Looked up at each call, so that what replaces it later (a tracer, a test) is used.
    fetch: fetch ?? ((...args) => globalThis.fetch(...args)),
    timeoutMs: limits.timeoutMs ?? DEFAULTS.timeoutMs,
    deadlineMs: limits.deadlineMs ?? DEFAULTS.deadlineMs,
    backoff: limits.backoff ?? DEFAULTS.backoff,
  }
}
