import type { Webhook } from 'posthorn'
import type { SIGNATURES } from './signatures.tsx'

/** A webhook as it is typed: one text per field, empty where the default holds. */
export interface WebhookForm extends SignatureForm, RetryForm, CircuitForm {
  readonly url: string
  readonly name: string
  readonly description: string
  readonly tenant: string
  /** Separated by spaces, commas or lines. */
  readonly eventTypes: string
  /** JSON. */
  readonly filter: string
  readonly format: Webhook['format']
  /** Of a new one; empty: Posthorn makes it. */
  readonly secret: string
  /** One `name: value` a line. */
  readonly headers: string
  readonly timeoutMs: string
  readonly rateLimit: string
  readonly ratePeriod: string
  readonly maxConcurrency: string
  readonly ordered: boolean
  readonly propagateTrace: boolean
  /** JSON. */
  readonly metadata: string
}

interface SignatureForm {
  readonly signature: (typeof SIGNATURES)[number] | 'custom'
  /** Of a custom one. */
  readonly signatureHeader: string
  readonly algorithm: 'sha1' | 'sha256' | 'sha512'
  readonly encoding: 'hex' | 'base64'
  readonly prefix: string
  readonly signs: string
}

interface RetryForm {
  readonly retry: 'default' | 'exponential' | 'schedule'
  readonly initialDelay: string
  readonly factor: string
  readonly maxDelay: string
  readonly maxAttempts: string
  readonly jitter: string
  readonly delays: string
}

interface CircuitForm {
  readonly circuit: 'default' | 'on' | 'off'
  readonly circuitFailures: string
  readonly probe: string
  readonly maxProbe: string
}

export const EMPTY_FORM: WebhookForm = {
  url: '',
  name: '',
  description: '',
  tenant: '',
  eventTypes: '*',
  filter: '',
  format: 'standard',
  secret: '',
  signature: 'v1',
  signatureHeader: 'x-signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: '',
  signs: '{body}',
  headers: '',
  timeoutMs: '',
  rateLimit: '',
  ratePeriod: '1',
  maxConcurrency: '',
  ordered: false,
  propagateTrace: false,
  metadata: '',
  retry: 'default',
  initialDelay: '5',
  factor: '3',
  maxDelay: '86400',
  maxAttempts: '12',
  jitter: '0.2',
  delays: '5, 300, 1800, 7200, 18000',
  circuit: 'default',
  circuitFailures: '',
  probe: '',
  maxProbe: '',
}

export function formOf(webhook: Webhook): WebhookForm {
  const { rateLimit, filter, metadata } = webhook
  return {
    ...EMPTY_FORM,
    ...retryForm(webhook.retryPolicy),
    ...signatureForm(webhook.signature),
    ...circuitForm(webhook.circuitBreaker),
    url: webhook.url,
    name: webhook.name ?? '',
    description: webhook.description ?? '',
    tenant: webhook.tenant,
    eventTypes: webhook.eventTypes.join('\n'),
    filter: filter === undefined ? '' : pretty(filter),
    format: webhook.format,
    headers: Object.entries(webhook.headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
    timeoutMs: text(webhook.timeoutMs),
    rateLimit: text(rateLimit?.limit),
    ratePeriod: text(rateLimit?.periodSeconds ?? 1),
    maxConcurrency: text(webhook.maxConcurrency),
    ordered: webhook.ordered,
    propagateTrace: webhook.propagateTrace,
    metadata: Object.keys(metadata).length === 0 ? '' : pretty(metadata),
  }
}

function retryForm(policy: Webhook['retryPolicy']): Partial<RetryForm> {
  if (policy === undefined) return {}
  const { type: retry } = policy
  const jitter = text(policy.jitter)
  if (policy.type === 'schedule') return { retry, delays: policy.delaysSeconds.join(', '), jitter }
  return {
    ...{ retry, jitter },
    initialDelay: text(policy.initialDelaySeconds),
    factor: text(policy.factor),
    maxDelay: text(policy.maxDelaySeconds),
    maxAttempts: text(policy.maxAttempts),
  }
}

function signatureForm(signature: Webhook['signature']): Partial<SignatureForm> {
  if (typeof signature === 'string') return { signature }
  const { header: signatureHeader, ...rest } = signature
  return { signature: 'custom', signatureHeader, ...rest }
}

function circuitForm(breaker: Webhook['circuitBreaker']): Partial<CircuitForm> {
  if (breaker === undefined) return {}
  const { enabled } = breaker
  return {
    circuit: enabled === undefined ? 'default' : enabled ? 'on' : 'off',
    circuitFailures: text(breaker.failures),
    probe: text(breaker.probeSeconds),
    maxProbe: text(breaker.maxProbeSeconds),
  }
}

const text = (value: number | undefined) => (value === undefined ? '' : String(value))
const pretty = (value: unknown) => JSON.stringify(value, undefined, 2)
