import type { Webhook } from 'posthorn'
import type { NewWebhook, WebhookChange } from '../api/webhooks.ts'

/** A webhook as it is typed: one text per field, empty where the default holds. */
export interface WebhookForm {
  readonly url: string
  readonly name: string
  readonly description: string
  readonly tenant: string
  /** Separated by spaces, commas or lines. */
  readonly eventTypes: string
  /** One `name: value` a line. */
  readonly headers: string
  readonly timeoutMs: string
  readonly rateLimit: string
  readonly ratePeriod: string
  readonly maxConcurrency: string
  readonly ordered: boolean
  readonly retry: 'default' | 'exponential' | 'schedule'
  readonly initialDelay: string
  readonly factor: string
  readonly maxDelay: string
  readonly maxAttempts: string
  readonly jitter: string
  readonly delays: string
}

export const EMPTY_FORM: WebhookForm = {
  url: '',
  name: '',
  description: '',
  tenant: '',
  eventTypes: '*',
  headers: '',
  timeoutMs: '',
  rateLimit: '',
  ratePeriod: '1',
  maxConcurrency: '',
  ordered: false,
  retry: 'default',
  initialDelay: '5',
  factor: '3',
  maxDelay: '86400',
  maxAttempts: '12',
  jitter: '0.2',
  delays: '5, 300, 1800, 7200, 18000',
}

export function formOf(webhook: Webhook): WebhookForm {
  const { retryPolicy: policy, rateLimit } = webhook
  const text = (value: number | undefined) => (value === undefined ? '' : String(value))
  const retry =
    policy === undefined
      ? {}
      : policy.type === 'schedule'
        ? { delays: policy.delaysSeconds.join(', '), jitter: text(policy.jitter) }
        : {
            initialDelay: text(policy.initialDelaySeconds),
            factor: text(policy.factor),
            maxDelay: text(policy.maxDelaySeconds),
            maxAttempts: text(policy.maxAttempts),
            jitter: text(policy.jitter),
          }
  return {
    ...EMPTY_FORM,
    ...retry,
    url: webhook.url,
    name: webhook.name ?? '',
    description: webhook.description ?? '',
    tenant: webhook.tenant,
    eventTypes: webhook.eventTypes.join('\n'),
    headers: Object.entries(webhook.headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
    timeoutMs: text(webhook.timeoutMs),
    rateLimit: text(rateLimit?.limit),
    ratePeriod: text(rateLimit?.periodSeconds ?? 1),
    maxConcurrency: text(webhook.maxConcurrency),
    ordered: webhook.ordered,
    retry: policy?.type ?? 'default',
  }
}

/** What is sent to change a webhook: null puts a default back. */
export function patchOf(form: WebhookForm): WebhookChange {
  const { rateLimit } = form
  return {
    url: form.url.trim(),
    eventTypes: words(form.eventTypes),
    name: form.name.trim() || null,
    description: form.description.trim() || null,
    headers: headersOf(form.headers),
    timeoutMs: number(form.timeoutMs),
    rateLimit:
      rateLimit.trim() === ''
        ? null
        : { limit: Number(rateLimit), periodSeconds: Number(form.ratePeriod) },
    maxConcurrency: number(form.maxConcurrency),
    ordered: form.ordered,
    retryPolicy: policyOf(form),
  }
}

/** What is sent to create one: defaults are left out. */
export function inputOf(form: WebhookForm): NewWebhook {
  const set = Object.entries(patchOf(form)).filter(([, value]) => value !== null)
  const tenant = form.tenant.trim()
  return { ...Object.fromEntries(set), ...(tenant ? { tenant } : {}) } as NewWebhook
}

function policyOf(form: WebhookForm): NonNullable<WebhookChange['retryPolicy']> | null {
  const jitter = Number(form.jitter)
  if (form.retry === 'schedule')
    return { type: 'schedule', delaysSeconds: words(form.delays).map(Number), jitter }
  if (form.retry === 'exponential')
    return {
      type: 'exponential',
      initialDelaySeconds: Number(form.initialDelay),
      factor: Number(form.factor),
      maxDelaySeconds: Number(form.maxDelay),
      maxAttempts: Number(form.maxAttempts),
      jitter,
    }
  return null
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '')
}

function number(text: string): number | null {
  return text.trim() === '' ? null : Number(text)
}

function headersOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':')
      return [name.trim(), value.join(':').trim()]
    }),
  )
}
