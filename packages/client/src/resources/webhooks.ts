import type {
  CreatedWebhook,
  ReplayWebhook,
  RotateSecret,
  StatsWindow,
  Task,
  TestResult,
  TestWebhook,
  Webhook,
  WebhookFilter,
  WebhookInput,
  WebhookPatch,
  WebhookSecrets,
  WebhookStats,
} from '../api/schema.ts'
import { type List, list } from '../list/list.ts'
import type { CallOptions } from '../request/connection.ts'
import { path, type Requests } from './requests.ts'

/** `/v1/webhooks`: which events go where. */
export class Webhooks {
  readonly #requests: Requests

  constructor(requests: Requests) {
    this.#requests = requests
  }

  list(filter: WebhookFilter = {}, options?: CallOptions): List<Webhook> {
    return list(this.#requests.connection, '/v1/webhooks', filter, options)
  }

  /** The answer holds the secret. Not repeated when its outcome is unknown: it would make a second one. */
  create(webhook: WebhookInput, options?: CallOptions): Promise<CreatedWebhook> {
    return this.#requests.act('POST', '/v1/webhooks', webhook, options)
  }

  get(id: string, options?: CallOptions): Promise<Webhook> {
    return this.#requests.get(path`/v1/webhooks/${id}`, undefined, options)
  }

  /** Left out: unchanged. null: the default. */
  update(id: string, patch: WebhookPatch, options?: CallOptions): Promise<Webhook> {
    return this.#requests.set('PATCH', path`/v1/webhooks/${id}`, patch, options)
  }

  /** What is still open for it is cancelled. */
  delete(id: string, options?: CallOptions): Promise<void> {
    return this.#requests.act('DELETE', path`/v1/webhooks/${id}`, undefined, options)
  }

  secrets(id: string, options?: CallOptions): Promise<WebhookSecrets> {
    return this.#requests.get(path`/v1/webhooks/${id}/secret`, undefined, options)
  }

  rotateSecret(
    id: string,
    rotation: RotateSecret = {},
    options?: CallOptions,
  ): Promise<WebhookSecrets> {
    return this.#requests.act('POST', path`/v1/webhooks/${id}/rotate-secret`, rotation, options)
  }

  enable(id: string, options?: CallOptions): Promise<Webhook> {
    return this.#requests.set('POST', path`/v1/webhooks/${id}/enable`, {}, options)
  }

  /** What is still open for it becomes dead letters. */
  disable(id: string, reason?: string, options?: CallOptions): Promise<Webhook> {
    const body = reason === undefined ? {} : { reason }
    return this.#requests.set('POST', path`/v1/webhooks/${id}/disable`, body, options)
  }

  /** Deliveries wait, and nothing is lost. */
  pause(id: string, options?: CallOptions): Promise<Webhook> {
    return this.#requests.set('POST', path`/v1/webhooks/${id}/pause`, {}, options)
  }

  resume(id: string, options?: CallOptions): Promise<Webhook> {
    return this.#requests.set('POST', path`/v1/webhooks/${id}/resume`, {}, options)
  }

  /** Sends one request at once and tells what came back. */
  test(id: string, event: TestWebhook = {}, options?: CallOptions): Promise<TestResult> {
    return this.#requests.act('POST', path`/v1/webhooks/${id}/test`, event, options)
  }

  stats(id: string, window?: StatsWindow, options?: CallOptions): Promise<WebhookStats> {
    return this.#requests.get(path`/v1/webhooks/${id}/stats`, { window }, options)
  }

  /** Sends again what it got, or missed. */
  replay(id: string, what: ReplayWebhook, options?: CallOptions): Promise<Task> {
    return this.#requests.act('POST', path`/v1/webhooks/${id}/replay`, what, options)
  }

  /** How many deliveries `replay` would send. */
  async countReplay(id: string, what: ReplayWebhook, options?: CallOptions): Promise<number> {
    const body = { ...what, dryRun: true }
    const answer = await this.#requests.set('POST', path`/v1/webhooks/${id}/replay`, body, options)
    return (answer as { count: number }).count
  }
}
