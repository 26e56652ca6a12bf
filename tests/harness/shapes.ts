/** The shapes of the contract, written here once more on purpose: these tests know nothing else. */

export type DeliveryStatus = 'pending' | 'retrying' | 'parked' | 'delivered' | 'dead' | 'cancelled'

export interface Published {
  readonly id: string
  readonly type: string
  readonly tenant: string
  readonly timestamp: string
  readonly duplicate: boolean
}

export interface EventView {
  readonly id: string
  readonly type: string
  readonly tenant: string
  readonly timestamp: string
  readonly createdAt: string
  readonly labels?: Record<string, string>
  readonly data: unknown
  readonly deliveries: { id: string; webhook: string; status: DeliveryStatus }[]
  readonly unmatchedReason?: string
}

export interface Webhook {
  readonly id: string
  readonly tenant: string
  readonly url: string
  readonly eventTypes: string[]
  readonly createdAt: string
  readonly updatedAt: string
  readonly enabled: boolean
  readonly paused: boolean
  readonly disabledReason?: string
  readonly headers?: Record<string, string>
  readonly name?: string
  readonly description?: string
  readonly timeoutMs?: number
  readonly retryPolicy?: RetryPolicy
  readonly metadata?: Record<string, string>
}

export type NewWebhook = Webhook & { readonly secret: string }

export type RetryPolicy =
  | {
      type: 'exponential'
      initialDelaySeconds: number
      factor: number
      maxDelaySeconds: number
      maxAttempts: number
      jitter: number
    }
  | { type: 'schedule'; delaysSeconds: number[]; jitter: number }

export interface Attempt {
  readonly number: number
  readonly trigger: 'automatic' | 'manual' | 'replay'
  readonly startedAt: string
  readonly durationMs: number
  readonly outcome: string
  readonly statusCode?: number
  readonly error?: string
  readonly requestHeaders?: Record<string, string>
  readonly responseHeaders?: Record<string, string>
  readonly responseBody?: string
  readonly timings?: { readonly reused: boolean; readonly [stage: string]: number | boolean }
}

export interface Delivery {
  readonly id: string
  readonly event: string
  readonly webhook: string
  readonly tenant: string
  readonly type: string
  readonly status: DeliveryStatus
  readonly createdAt: string
  readonly nextAttemptAt?: string
  readonly deliveredAt?: string
  readonly reason?: string
  readonly attempts: Attempt[]
}

export interface DeadLetter {
  readonly id: string
  readonly event: string
  readonly webhook: string
  readonly type: string
  readonly tenant: string
  readonly reason: 'exhausted' | 'gone' | 'disabled' | 'expired'
  readonly lastOutcome: string
  readonly lastStatusCode?: number
  readonly deadAt: string
}

export interface Task {
  readonly id: string
  readonly kind: string
  readonly state: 'queued' | 'running' | 'done' | 'cancelled' | 'failed'
  readonly done: number
  readonly total: number
  readonly failed: number
}

export interface Page<T> {
  readonly data: T[]
  readonly next: string | null
}

export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly requestId: string
  readonly errors?: { path: string; message: string }[]
}

export type BatchResult =
  | { readonly id: string; readonly duplicate: boolean }
  | { readonly problem: Problem }
