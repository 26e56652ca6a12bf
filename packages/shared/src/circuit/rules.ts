import { z } from 'zod'
import type { CircuitRules } from './circuit.ts'

// No Node code here: the dashboard validates with the same schemas.

/** Fewer failures in a row say nothing yet. */
export const MIN_FAILURES = 20
export const MAX_FAILURES = 10_000
const MAX_PROBE_SECONDS = 60 * 60

const probeSeconds = z.number().min(0.1).max(MAX_PROBE_SECONDS)

/** What a webhook says of its own circuit breaker; what is absent is the installation's. */
export const circuitBreakerSchema = z
  .strictObject({
    enabled: z.boolean().optional(),
    failures: z
      .int()
      .min(MIN_FAILURES)
      .max(MAX_FAILURES)
      .optional()
      .meta({ description: 'Failures in a row, over at least 5 deliveries, that open it' }),
    probeSeconds: probeSeconds
      .optional()
      .meta({ description: 'From opening to the first probe; doubles with each failed one' }),
    maxProbeSeconds: probeSeconds.optional().meta({ description: 'Longest wait between probes' }),
  })
  .meta({ id: 'CircuitBreaker', description: "Absent: the installation's" })

export type CircuitBreaker = z.output<typeof circuitBreakerSchema>

/** Since when a webhook may be blamed for what waits: it was paused or disabled before. */
export const activeSinceMs = (settings: { enabledAt?: number; resumedAt?: number }): number =>
  Math.max(settings.enabledAt ?? 0, settings.resumedAt ?? 0)

export function circuitRules(
  own: CircuitBreaker | undefined,
  defaults: CircuitRules,
): CircuitRules {
  if (!own) return defaults
  const probeMs = own.probeSeconds === undefined ? defaults.probeMs : own.probeSeconds * 1_000
  const maxMs =
    own.maxProbeSeconds === undefined ? defaults.maxProbeMs : own.maxProbeSeconds * 1_000
  return {
    enabled: own.enabled ?? defaults.enabled,
    failures: own.failures ?? defaults.failures,
    probeMs,
    maxProbeMs: Math.max(probeMs, maxMs),
  }
}
