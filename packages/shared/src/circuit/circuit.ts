/**
 * The circuit of a webhook that fails, shared by all workers. A webhook that has not failed since its
 * last success has none.
 *
 *            20 failures in a row, of 5 deliveries, over 3 s
 *     closed ──────────────────────────────────────────────▶ open ◀── the probe failed: wait longer
 *        ▲                                                    │ time of the probe
 *        └───────────── any success ────────────── half open ◀┘ one delivery is tried
 *
 * Half open is not stored: it is an open circuit whose time for a probe has come. That there is one
 * probe at a time is kept by the lane's in-flight set. All times are in Redis' clock.
 */
export interface Circuit {
  readonly state: 'closed' | 'open'
  /** The first failure after the last success. */
  readonly failingSinceMs: number
  /** In a row; attempts that were in the air when it opened do not count. */
  readonly failures: number
  /** The first few of them failed in this row. */
  readonly deliveries: readonly string[]
  /** The outcome of the last failure, e.g. `timeout` or `http_error 503`. */
  readonly lastFailure: string
  readonly open?: {
    readonly sinceMs: number
    readonly probeAtMs: number
    readonly failedProbes: number
  }
}

export interface CircuitRules {
  readonly enabled: boolean
  /** In a row. */
  readonly failures: number
  /** From opening to the first probe; doubles with each failed one. */
  readonly probeMs: number
  readonly maxProbeMs: number
}

/** What a process saw of a webhook since its last report. */
export interface CircuitReport {
  /** Its last success, if there was one. */
  readonly okMs?: number
  /** Failures after that success. */
  readonly failures: number
  readonly firstFailureMs: number
  readonly deliveries: readonly string[]
  readonly lastFailure: string
}

/** Failures of fewer deliveries say more about these than about the receiver. */
export const MIN_DELIVERIES = 5

/**
 * A row must be this old: each worker learns of it within 1 s and reports its successes within the
 * next, so that one worker's failures open nothing while another one delivers.
 */
export const MIN_ROW_MS = 3_000

/** What a report makes of a circuit; undefined: nothing fails any more. Pure. */
export function judge(
  circuit: Circuit | undefined,
  report: CircuitReport,
  rules: CircuitRules,
  nowMs: number,
): Circuit | undefined {
  const { okMs } = report
  const startedMs = circuit?.open?.sinceMs ?? circuit?.failingSinceMs
  const isOver = okMs !== undefined && startedMs !== undefined && okMs >= startedMs
  const row = grown(isOver ? undefined : circuit, report)
  if (!row) return undefined
  if (!rules.enabled) return closed(row)
  if (row.state === 'open' || !isEnough(row, rules, nowMs)) return row
  const open = { sinceMs: nowMs, probeAtMs: nowMs + rules.probeMs, failedProbes: 0 }
  return { ...row, state: 'open', open }
}

/** What a failed probe makes of an open circuit: the next one comes later. Pure. */
export function probeFailed(
  circuit: Circuit | undefined,
  lastFailure: string,
  rules: CircuitRules,
  nowMs: number,
): Circuit | undefined {
  if (!circuit?.open) return circuit
  const failedProbes = circuit.open.failedProbes + 1
  const waitMs = Math.min(rules.probeMs * 2 ** Math.min(failedProbes, 40), rules.maxProbeMs)
  const open = { ...circuit.open, failedProbes, probeAtMs: nowMs + waitMs }
  return { ...circuit, failures: circuit.failures + 1, lastFailure, open }
}

/**
 * Whether nothing was delivered for so long that the webhook is given up. Time before `activeSinceMs`
 * (it was paused or disabled until then) does not count. Pure.
 */
export function isHopeless(
  circuit: Circuit,
  activeSinceMs: number,
  giveUpMs: number,
  rules: Pick<CircuitRules, 'failures'>,
  nowMs: number,
): boolean {
  if (giveUpMs <= 0) return false
  const enough = circuit.failures >= rules.failures && circuit.deliveries.length >= MIN_DELIVERIES
  return enough && nowMs - Math.max(circuit.failingSinceMs, activeSinceMs) >= giveUpMs
}

function grown(circuit: Circuit | undefined, report: CircuitReport): Circuit | undefined {
  // What was in the air when it opened says nothing new.
  if (circuit?.state === 'open' || report.failures === 0) return circuit
  const { failures, firstFailureMs, lastFailure } = report
  const deliveries = new Set([...(circuit?.deliveries ?? []), ...report.deliveries])
  return {
    state: 'closed',
    failingSinceMs: Math.min(circuit?.failingSinceMs ?? firstFailureMs, firstFailureMs),
    failures: (circuit?.failures ?? 0) + failures,
    deliveries: [...deliveries].slice(0, MIN_DELIVERIES),
    lastFailure,
  }
}

const isEnough = (row: Circuit, rules: CircuitRules, nowMs: number) =>
  row.failures >= rules.failures &&
  row.deliveries.length >= MIN_DELIVERIES &&
  nowMs - row.failingSinceMs >= MIN_ROW_MS

function closed(circuit: Circuit): Circuit {
  const { open: _open, ...row } = circuit
  return { ...row, state: 'closed' }
}
