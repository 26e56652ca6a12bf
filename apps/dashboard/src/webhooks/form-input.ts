import { Problem } from '../api/problem.ts'
import type { NewWebhook, WebhookChange } from '../api/webhooks.ts'
import type { WebhookForm } from './form.ts'

// What a form says, as the API takes it. What is no number goes as it was typed: the API says what is
// wrong with it, and where.

/**
 * What is sent to change a webhook: null puts a default back. `before`: only what differs from it.
 * @throws Problem for what is to be JSON and is not
 */
export function patchOf(form: WebhookForm, before?: WebhookForm): WebhookChange {
  const patch = everythingOf(form)
  if (!before) return patch
  const old: Record<string, unknown> = everythingOf(before)
  const changed = Object.entries(patch).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name]),
  )
  return Object.fromEntries(changed)
}

/**
 * What is sent to create one: defaults are left out.
 * @throws Problem likewise
 */
export function inputOf(form: WebhookForm): NewWebhook {
  const set = Object.entries(everythingOf(form)).filter(([, value]) => value !== null)
  const [tenant, secret] = [form.tenant.trim(), form.secret.trim()]
  return {
    ...(Object.fromEntries(set) as NewWebhook),
    ...(tenant && { tenant }),
    ...(secret && { secret }),
  }
}

function everythingOf(form: WebhookForm): WebhookChange {
  const { format } = form
  return {
    url: form.url.trim(),
    eventTypes: words(form.eventTypes),
    name: form.name.trim() || null,
    description: form.description.trim() || null,
    filter: json(form.filter, 'filter'),
    format: format === 'standard' ? null : format,
    signature: signatureOf(form),
    headers: headersOf(form.headers),
    timeoutMs: number(form.timeoutMs),
    rateLimit:
      form.rateLimit.trim() === ''
        ? null
        : { limit: number(form.rateLimit), periodSeconds: number(form.ratePeriod) },
    maxConcurrency: number(form.maxConcurrency),
    ordered: form.ordered || null,
    propagateTrace: form.propagateTrace || null,
    metadata: json(form.metadata, 'metadata'),
    retryPolicy: policyOf(form),
    circuitBreaker: circuitOf(form),
  } as WebhookChange
}

function signatureOf({ signature, signatureHeader, ...form }: WebhookForm) {
  if (signature !== 'custom') return signature === 'v1' ? null : signature
  const { algorithm, encoding, prefix, signs } = form
  return { header: signatureHeader.trim(), algorithm, encoding, prefix, signs }
}

function policyOf({ retry, ...form }: WebhookForm) {
  if (retry === 'default') return null
  const policy = { type: retry, jitter: number(form.jitter) }
  if (retry === 'schedule') return { ...policy, delaysSeconds: words(form.delays).map(number) }
  return {
    ...policy,
    initialDelaySeconds: number(form.initialDelay),
    factor: number(form.factor),
    maxDelaySeconds: number(form.maxDelay),
    maxAttempts: number(form.maxAttempts),
  }
}

function circuitOf({ circuit, circuitFailures, probe, maxProbe }: WebhookForm) {
  const said = {
    enabled: circuit === 'default' ? null : circuit === 'on',
    failures: number(circuitFailures),
    probeSeconds: number(probe),
    maxProbeSeconds: number(maxProbe),
  }
  const set = Object.entries(said).filter(([, value]) => value !== null)
  return set.length === 0 ? null : Object.fromEntries(set)
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '')
}

function number(text: string): number | string | null {
  if (text.trim() === '') return null
  return Number.isFinite(Number(text)) ? Number(text) : text
}

function json(text: string, path: string): unknown {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = `Expected JSON: ${(error as Error).message}`
    const title = 'The webhook cannot be saved like this'
    throw new Problem({ title, detail: message, errors: [{ path, message }] }, 422)
  }
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
