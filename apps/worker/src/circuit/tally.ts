import { type CircuitReport, MIN_DELIVERIES } from '@posthorn/shared/circuit/circuit.ts'
import type { LaneName } from '@posthorn/shared/lane/entry.ts'

/** Successes are remembered for one to two of these: long enough to learn that another worker fails. */
const ROTATE_AFTER_MS = 10_000

interface Row extends LaneName {
  okMs: number | undefined
  failures: number
  firstFailureMs: number
  readonly deliveries: Set<string>
  lastFailure: string
}

/**
 * What this process saw of each webhook since it last told. A success costs one map entry and is told
 * only of webhooks that fail, here or elsewhere.
 */
export class Tally {
  readonly #rows = new Map<string, Row>()
  #successes = new Map<string, number>()
  #olderSuccesses = new Map<string, number>()
  #rotatedAt = performance.now()

  success(lane: LaneName, atMs: number): void {
    this.#successes.set(lane.webhookId, atMs)
    const row = this.#rows.get(lane.webhookId)
    if (!row) return
    row.okMs = atMs
    row.failures = 0
    row.deliveries.clear()
  }

  /** @param delivery its name: rows of too few deliveries open nothing */
  failure(lane: LaneName, atMs: number, delivery: string, what: string): void {
    let row = this.#rows.get(lane.webhookId)
    if (!row) {
      const { tenant, webhookId } = lane
      const [failures, firstFailureMs, okMs] = [0, atMs, this.#lastSuccess(webhookId)]
      row = {
        tenant,
        webhookId,
        okMs,
        failures,
        firstFailureMs,
        deliveries: new Set(),
        lastFailure: what,
      }
      this.#rows.set(webhookId, row)
    }
    if (row.failures === 0) row.firstFailureMs = atMs
    row.failures++
    row.lastFailure = what
    if (row.deliveries.size < MIN_DELIVERIES) row.deliveries.add(delivery)
  }

  /** What is to be told, and forgotten here. @param failing the webhooks known to fail anywhere */
  collect(failing: readonly LaneName[]): [LaneName, CircuitReport][] {
    const reports = [...this.#rows.values()].map(reportOf)
    for (const lane of failing) {
      const okMs = this.#lastSuccess(lane.webhookId)
      if (okMs === undefined || this.#rows.has(lane.webhookId)) continue
      const nothing = { failures: 0, firstFailureMs: okMs, deliveries: [], lastFailure: '' }
      reports.push([lane, { okMs, ...nothing }])
    }
    for (const [{ webhookId }] of reports) {
      this.#successes.delete(webhookId)
      this.#olderSuccesses.delete(webhookId)
    }
    this.#rows.clear()
    this.#rotate()
    return reports
  }

  #lastSuccess(webhookId: string): number | undefined {
    return this.#successes.get(webhookId) ?? this.#olderSuccesses.get(webhookId)
  }

  #rotate(): void {
    if (performance.now() - this.#rotatedAt < ROTATE_AFTER_MS) return
    this.#rotatedAt = performance.now()
    this.#olderSuccesses = this.#successes
    this.#successes = new Map()
  }
}

function reportOf({ tenant, webhookId, okMs, deliveries, ...row }: Row): [LaneName, CircuitReport] {
  const { failures, firstFailureMs, lastFailure } = row
  const report = { failures, firstFailureMs, lastFailure, deliveries: [...deliveries] }
  return [{ tenant, webhookId }, okMs === undefined ? report : { ...report, okMs }]
}
