import { isUtf8 } from 'node:buffer'
import { deliveryId } from '../delivery/id.ts'
import { type DeadReason, statusOf, triggerOf } from '../delivery/state.ts'
import type { DeliveryRow } from './rows.ts'
import type { AttemptView, DeadLetterView, DeliveryView } from './schema.ts'
import type { AttemptDetails, AttemptSummary, HeaderPairs } from './stored-attempt.ts'

export const rfc3339 = (ms: number): string => new Date(ms).toISOString()

/** A delivery as users read it. Pure. */
export function deliveryView(row: DeliveryRow): DeliveryView {
  const { state } = row
  const dead = state.state === 'x' || state.state === 'e'
  return {
    id: deliveryId(row),
    event: row.eventId,
    webhook: row.webhookId,
    tenant: row.tenant,
    type: row.type,
    status: statusOf(state),
    createdAt: rfc3339(row.createdMs),
    ...(state.state === 'r' ? { nextAttemptAt: rfc3339(state.atMs) } : {}),
    ...(state.state === 'd' ? { deliveredAt: rfc3339(state.atMs) } : {}),
    ...(dead ? { reason: state.extra[0] as DeadReason } : {}),
    attempts: asMade(row).map(([number, attempt]) => attemptView(number, attempt)),
  }
}

export function deadLetterView(row: DeliveryRow): DeadLetterView {
  const last = allAttempts(row).at(-1)?.[1]
  return {
    id: deliveryId(row),
    event: row.eventId,
    webhook: row.webhookId,
    type: row.type,
    tenant: row.tenant,
    reason: row.state.extra[0] as DeadReason,
    lastOutcome: last?.outcome ?? null,
    ...(last?.statusCode === undefined ? {} : { lastStatusCode: last.statusCode }),
    deadAt: rfc3339(row.state.atMs),
  }
}

type NumberedAttempt = [number: number, attempt: AttemptSummary & AttemptDetails]

/** The stored attempts and, of a delivered one, the success that its packed state tells. */
export function allAttempts({ state, attempts }: DeliveryRow): NumberedAttempt[] {
  const all: NumberedAttempt[] = [...attempts]
  if (state.state === 'd' && !attempts.has(state.made)) {
    const [durationMs, statusCode, responseBytes, startedMs] = state.extra
    const success: AttemptSummary = {
      trigger: triggerOf(state),
      startedMs: Number(startedMs),
      durationMs: Number(durationMs),
      outcome: 'success',
      statusCode: Number(statusCode),
      responseBytes: Number(responseBytes),
    }
    all.push([state.made, success])
  }
  return all.sort(([a], [b]) => a - b)
}

/**
 * All that a subscriber saw, as they were begun. Two that were in the air side by side bore the same number,
 * since neither's outcome was known to the other: here each has its own.
 */
function asMade(row: DeliveryRow): NumberedAttempt[] {
  const all = allAttempts(row)
  if (row.refused.length === 0) return all
  const [first = 1] = all[0] ?? []
  return [...all.map(([, attempt]) => attempt), ...row.refused]
    .sort((one, other) => one.startedMs - other.startedMs)
    .map((attempt, i) => [first + i, attempt])
}

function attemptView(number: number, attempt: AttemptSummary & AttemptDetails): AttemptView {
  return {
    number,
    trigger: attempt.trigger,
    startedAt: rfc3339(attempt.startedMs),
    durationMs: attempt.durationMs,
    outcome: attempt.outcome,
    ...(attempt.statusCode === undefined ? {} : { statusCode: attempt.statusCode }),
    ...(attempt.error === undefined ? {} : { error: attempt.error }),
    responseBytes: attempt.responseBytes,
    ...(attempt.requestHeaders ? { requestHeaders: headersView(attempt.requestHeaders) } : {}),
    ...(attempt.responseHeaders ? { responseHeaders: headersView(attempt.responseHeaders) } : {}),
    ...(attempt.responseBody ? bodyView(attempt.responseBody) : {}),
    ...(attempt.timings ? { timings: attempt.timings } : {}),
  }
}

/** A header that came several times is shown as one, as RFC 9110 section 5.3 allows to read it. */
export function headersView(pairs: HeaderPairs): Record<string, string> {
  const headers = new Map<string, string>()
  for (const [name, value] of pairs) {
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return Object.fromEntries(headers)
}

function bodyView(body: Buffer): Pick<AttemptView, 'responseBody' | 'responseBodyEncoding'> {
  if (isUtf8(body)) return { responseBody: body.toString() }
  return { responseBody: body.toString('base64'), responseBodyEncoding: 'base64' }
}
