import { EgressError } from '@posthorn/shared/attempt/egress/egress-error.ts'
import { egressFaults } from '@posthorn/shared/runtime/metrics.ts'

/**
 * Counts what the egress proxy did to an attempt, and throws it on: it is ours (rule 7 of the engine),
 * so the attempt is recorded nowhere and whatever holds the delivery makes it again.
 */
export function countEgressFault(error: unknown): never {
  if (error instanceof EgressError) egressFaults.inc({ fault: error.fault })
  throw error
}
