import type { Client, Query } from './client.ts'
import type {
  DeadLetter,
  Delivery,
  DeliveryStatus,
  EventView,
  NewWebhook,
  Published,
  RetryPolicy,
  Task,
  Webhook,
} from './shapes.ts'
import { waitFor } from './wait.ts'

export interface EventInput {
  readonly type?: string
  readonly data?: unknown
  readonly id?: string
  readonly timestamp?: string
  readonly labels?: Record<string, string>
}

export interface WebhookInput {
  readonly url: string
  readonly eventTypes?: string[]
  readonly headers?: Record<string, string>
  readonly secret?: string
  readonly retryPolicy?: RetryPolicy
  readonly timeoutMs?: number
  readonly [field: string]: unknown
}

const FINAL: readonly DeliveryStatus[] = ['delivered', 'dead', 'cancelled']

/** A policy of exact delays, in seconds: n of them make n + 1 attempts. */
export function schedule(...delaysSeconds: number[]): RetryPolicy {
  return { type: 'schedule', delaysSeconds, jitter: 0 }
}

/** One tenant of the producer, used through one API: each test has its own, so none hears another. */
export class Tenant {
  readonly name: string
  readonly client: Client
  /** Added to what a failing wait says: the ends of the processes' logs. */
  readonly context: () => string

  constructor(name: string, client: Client, context: () => string = () => '') {
    this.name = name
    this.client = client
    this.context = context
  }

  /** The same tenant through another API. */
  through(client: Client): Tenant {
    return new Tenant(this.name, client, this.context)
  }

  async webhook(input: WebhookInput): Promise<NewWebhook> {
    return await this.client.post(201, '/v1/webhooks', {
      tenant: this.name,
      eventTypes: ['*'],
      ...input,
    })
  }

  async webhookNow(id: string): Promise<Webhook> {
    return await this.client.get(`/v1/webhooks/${id}`)
  }

  /** `POST /v1/webhooks/{id}/{action}`, which must answer 200. */
  async act<T = Webhook>(id: string, action: string, body?: unknown): Promise<T> {
    return await this.client.post(200, `/v1/webhooks/${id}/${action}`, body)
  }

  async publish(input: EventInput = {}): Promise<Published> {
    return await this.client.post(202, '/v1/events', { ...this.entry(input) })
  }

  /** Publishes as a patient producer does: a 503 is no answer, so the same id is sent again. */
  async publishUntilTaken(input: EventInput & { readonly id: string }): Promise<Published> {
    return await waitFor(() => this.publish(input), {
      what: `${input.id} to be taken`,
      everyMs: 200,
      context: this.context,
    })
  }

  /** What `publish` sends. */
  entry(input: EventInput = {}): Record<string, unknown> {
    return { type: 'user.created', data: { n: 1 }, tenant: this.name, ...input }
  }

  /** Publishes bytes of `data` that no JSON library here would write that way. */
  async publishRaw(type: string, data: string, id: string): Promise<Published> {
    const raw = `{"tenant":"${this.name}","type":"${type}","id":"${id}","data":${data}}`
    return await this.client.need(202, 'POST', '/v1/events', { raw })
  }

  async event(id: string): Promise<EventView> {
    return await this.client.get(`/v1/events/${id}`, { tenant: this.name })
  }

  async delivery(id: string): Promise<Delivery> {
    return await this.client.get(`/v1/deliveries/${id}`)
  }

  /** Waits until the event has been fanned out to `count` webhooks and none of these is open. */
  async finished(eventId: string, count = 1, timeoutMs = 15_000): Promise<EventView> {
    const event = await waitFor(
      async () => {
        const seen = await this.event(eventId)
        const open = seen.deliveries.filter((each) => !FINAL.includes(each.status))
        const fannedOut = seen.deliveries.length > 0 || seen.unmatchedReason !== undefined
        if (fannedOut && seen.deliveries.length >= count && open.length === 0) return seen
        throw new Error(JSON.stringify(seen.deliveries.slice(0, 10)))
      },
      { what: `${count} finished deliveries of ${eventId}`, timeoutMs, context: this.context },
    )
    if (event.deliveries.length !== count) {
      throw new Error(`${event.deliveries.length} deliveries of ${eventId}, expected ${count}`)
    }
    return event
  }

  /** Waits until the event has been fanned out to nobody, and returns why. */
  async unmatchedReason(eventId: string): Promise<string> {
    return await waitFor(async () => (await this.event(eventId)).unmatchedReason, {
      what: `the reason why ${eventId} made no delivery`,
      context: this.context,
    })
  }

  /** Waits until the only delivery of the event has this status, and returns it. */
  async only(eventId: string, status: DeliveryStatus, timeoutMs = 15_000): Promise<Delivery> {
    return await waitFor(
      async () => {
        const { deliveries } = await this.event(eventId)
        const [first, second] = deliveries
        if (first === undefined || second !== undefined) {
          throw new Error(`${deliveries.length} deliveries`)
        }
        const delivery = await this.delivery(first.id)
        if (delivery.status === status) return delivery
        throw new Error(JSON.stringify(delivery))
      },
      { what: `the delivery of ${eventId} to be ${status}`, timeoutMs, context: this.context },
    )
  }

  /** Waits until the dead letters that match are this many, and returns them. */
  async deadLetters(count: number, query: Query = {}, timeoutMs = 15_000): Promise<DeadLetter[]> {
    return await waitFor(
      async () => {
        const found = await this.client.all<DeadLetter>('/v1/dead-letters', {
          tenant: this.name,
          ...query,
        })
        if (found.length === count) return found
        throw new Error(`${found.length}: ${JSON.stringify(found.slice(0, 3))}`)
      },
      { what: `${count} dead letters of ${this.name}`, timeoutMs, context: this.context },
    )
  }

  /** Waits until the task has ended, in this state. */
  async task(id: string, state: Task['state'] = 'done', timeoutMs = 20_000): Promise<Task> {
    return await waitFor(
      async () => {
        const task: Task = await this.client.get(`/v1/tasks/${id}`)
        if (task.state === state) return task
        throw new Error(JSON.stringify(task))
      },
      { what: `task ${id} to be ${state}`, timeoutMs, context: this.context },
    )
  }

  /** Redrives what matches and waits for the task. */
  async redrive(filter: Record<string, unknown>): Promise<Task> {
    const { id } = await this.client.post<Task>(202, '/v1/dead-letters/redrive', filter)
    return await this.task(id)
  }
}
