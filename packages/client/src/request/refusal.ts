import type { Refusal } from './problem.ts'
import { retryAfterMs } from './retry-after.ts'

const SHOWN_CHARACTERS = 200

/** The problem of an answer that is no success: Posthorn's own, or what a proxy said in its place. */
export function refusalOf(
  response: Pick<Response, 'status' | 'statusText' | 'headers'>,
  text: string,
  nowMs: number,
): Refusal {
  const { status, headers } = response
  const wait = { retryAfterMs: retryAfterMs(headers.get('retry-after'), nowMs) }
  const problem = headers.get('content-type')?.startsWith('application/problem+json')
    ? parsed(text)
    : undefined
  if (problem && typeof problem.code === 'string') return { ...(problem as Refusal), ...wait }
  return {
    type: 'about:blank',
    title: response.statusText || `Status ${status}`,
    status,
    detail: text.slice(0, SHOWN_CHARACTERS),
    code: 'unknown',
    requestId: headers.get('x-request-id') ?? '',
    ...wait,
  }
}

function parsed(text: string): Partial<Refusal> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
