import type { DeliveryRequest } from 'posthorn'

export interface Answer {
  readonly outcome: 'success' | 'http_error' | 'no_answer'
  readonly statusCode?: number
  readonly durationMs: number
  readonly body?: string
  readonly error?: string
}

const WITHIN_MS = 30_000

/** Posts a delivery's request elsewhere, as a worker would. Never throws: what went wrong is the answer. */
export async function forward(url: string, { headers, body }: DeliveryRequest): Promise<Answer> {
  const from = performance.now()
  const tookMs = () => performance.now() - from
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(WITHIN_MS),
    })
    const text = await response.text()
    return {
      outcome: response.ok ? 'success' : 'http_error',
      statusCode: response.status,
      durationMs: tookMs(),
      body: text,
    }
  } catch (error) {
    const { cause, message } = error as Error
    const why = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : ''
    return { outcome: 'no_answer', durationMs: tookMs(), error: why || message }
  }
}
