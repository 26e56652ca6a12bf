import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { ProblemError } from '../error/problem.ts'
import { changesKey, orderedKey, versionKey, webhookOrderKey, webhooksKey } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { WebhookDirectory } from './directory.ts'
import { decodeWebhook, encodeSettings } from './record.ts'
import { WRITE_WEBHOOK } from './scripts.ts'
import type { StoredWebhook, WebhookSettings } from './webhook.ts'

/** Of two that change one webhook at once one wins each time: this many must lose to give up. */
const MAX_TRIES = 30
const MAX_PAUSE_MS = 20

/** Makes of a webhook what it is to become; the same object means: leave it as it is. */
export type WebhookChange = (current: StoredWebhook) => WebhookSettings

/**
 * The webhooks of all tenants. Every write is one script (see `scripts.ts`) and is made only if
 * nobody else changed the webhook since it was read; else the change is made anew from what now
 * stands, so concurrent changes never undo each other.
 */
export class WebhookStore {
  readonly #redis: RedisClient
  readonly #namespace: string
  readonly #directory: WebhookDirectory
  readonly #busy = new Map<string, Promise<unknown>>()

  constructor(redis: RedisClient, namespace: string) {
    this.#redis = redis
    this.#namespace = namespace
    this.#directory = new WebhookDirectory(redis, namespace)
  }

  /** The id must be new. */
  async create(settings: WebhookSettings): Promise<StoredWebhook> {
    await this.#directory.enter(settings)
    const text = await this.#write(settings, encodeSettings(settings), '', settings.ordered)
    if (text === null) throw new Error(`A webhook ${settings.id} exists already`)
    return decodeWebhook(text)
  }

  async get(tenant: string, id: string): Promise<StoredWebhook | undefined> {
    const text = await this.#redis.hget(webhooksKey(this.#namespace, tenant), id)
    return text === null ? undefined : decodeWebhook(text)
  }

  /** By its id alone. */
  async find(id: string): Promise<StoredWebhook | undefined> {
    const tenant = await this.#directory.tenantOf(id)
    return tenant === undefined ? undefined : await this.get(tenant, id)
  }

  /**
   * Applies `change`, which may run several times and must be pure. Answers the webhook as it then
   * stands, or undefined when there is none. Throws 503 `too_much_contention`.
   */
  update(tenant: string, id: string, change: WebhookChange): Promise<StoredWebhook | undefined> {
    return this.#oneByOne(id, () =>
      this.#retried(tenant, id, async (current) => {
        const next = change(current)
        if (next === current) return current
        const text = await this.#write(
          current,
          encodeSettings(next),
          String(current.updatedVersion),
          next.ordered,
        )
        return text === null ? undefined : decodeWebhook(text)
      }),
    )
  }

  /**
   * The tenant of a webhook that exists or whose removal a kill cut short: whoever repeats the
   * removal of such a one ends it.
   */
  locate(id: string): Promise<string | undefined> {
    return this.#directory.lookUp(id)
  }

  /**
   * Removes the webhook, if it is there still, then runs `afterwards`, and only then forgets that it
   * ever was: a removal that ended early is repeated with its `afterwards`.
   */
  async remove(tenant: string, id: string, afterwards?: () => Promise<unknown>): Promise<void> {
    await this.#oneByOne(id, () =>
      this.#retried(tenant, id, async (current) => {
        const done = await this.#write(current, '', String(current.updatedVersion))
        return done === null ? undefined : current
      }),
    )
    await afterwards?.()
    await this.#directory.leave({ tenant, id })
  }

  /** Newest first, at most `limit`, those created before the webhook `before`. */
  async list(filter: {
    tenant?: string | undefined
    before?: string | undefined
    limit: number
  }): Promise<StoredWebhook[]> {
    const found: StoredWebhook[] = []
    let { before } = filter
    while (found.length < filter.limit) {
      const wanted = filter.limit - found.length
      const places = await this.#page(filter.tenant, before, wanted)
      for (const webhook of await Promise.all(
        places.map(({ tenant, id }) => this.#getReadable(tenant, id)),
      )) {
        if (webhook) found.push(webhook)
      }
      if (places.length < wanted) break
      before = places.at(-1)?.id
    }
    return found
  }

  /** One that cannot be read (who uses webhooks says so, see `loader.ts`) hides no other from a list. */
  async #getReadable(tenant: string, id: string): Promise<StoredWebhook | undefined> {
    try {
      return await this.get(tenant, id)
    } catch (error) {
      if (error instanceof SyntaxError) return undefined
      throw error
    }
  }

  async #page(tenant: string | undefined, before: string | undefined, limit: number) {
    if (tenant === undefined) return await this.#directory.page(before, limit)
    const key = webhookOrderKey(this.#namespace, tenant)
    const max = before === undefined ? '+' : `(${before}`
    const ids = await this.#redis.zrevrangebylex(key, max, '-', 'LIMIT', 0, limit)
    return ids.map((id) => ({ id, tenant }))
  }

  async #retried(
    tenant: string,
    id: string,
    attempt: (current: StoredWebhook) => Promise<StoredWebhook | undefined>,
  ): Promise<StoredWebhook | undefined> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const current = await this.get(tenant, id)
      if (!current) return undefined
      const done = await attempt(current)
      if (done) return done
      await wait(Math.random() * MAX_PAUSE_MS)
    }
    throw new ProblemError('too_much_contention')
  }

  /** Changes of one webhook within this process wait for each other instead of contending. */
  async #oneByOne<Result>(id: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#busy.get(id)
    const mine = before ? before.then(work, work) : work()
    this.#busy.set(id, mine)
    try {
      return await mine
    } finally {
      if (this.#busy.get(id) === mine) this.#busy.delete(id)
    }
  }

  async #write(
    { tenant, id }: { tenant: string; id: string },
    json: string,
    from: string,
    ordered = false,
  ): Promise<string | null> {
    const keys = [webhooksKey, versionKey, changesKey, webhookOrderKey, orderedKey].map((key) =>
      key(this.#namespace, tenant),
    )
    const nonce = randomBytes(4).toString('hex')
    const args = [id, json, from, nonce, ordered ? 1 : 0]
    return (await WRITE_WEBHOOK.run(this.#redis, keys, args)) as string | null
  }
}
