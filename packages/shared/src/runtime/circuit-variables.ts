import { z } from 'zod'
import { MAX_FAILURES, MIN_FAILURES } from '../circuit/rules.ts'
import { variable } from './variable.ts'
import * as type from './variable-types.ts'

/** Part of `variables.ts`: when a webhook that fails is held back, and when it is given up. */
export const circuitVariables = {
  circuitEnabled: variable({
    name: 'POSTHORN_CIRCUIT_BREAKER',
    schema: type.onOff,
    defaultText: 'on',
    unit: '`on` or `off`',
    description:
      'Whether a webhook whose attempts fail in a row is sent only one delivery at a time until one succeeds. Its other deliveries wait, and lose no attempt by it.',
    processes: ['worker'],
  }),
  circuitFailures: variable({
    name: 'POSTHORN_CIRCUIT_FAILURES',
    schema: type.wholeNumber(MIN_FAILURES, MAX_FAILURES),
    defaultText: String(MIN_FAILURES),
    unit: 'count',
    description: "Failures in a row, over at least 5 deliveries, that open a webhook's circuit.",
    processes: ['worker'],
  }),
  circuitProbeMs: variable({
    name: 'POSTHORN_CIRCUIT_PROBE',
    schema: type.duration('100ms', '1h'),
    defaultText: '5s',
    unit: 'duration',
    description: 'From the opening of a circuit to its first probe; doubles with each failed one.',
    processes: ['worker'],
  }),
  circuitMaxProbeMs: variable({
    name: 'POSTHORN_CIRCUIT_MAX_PROBE',
    schema: type.duration('100ms', '1h'),
    defaultText: '1m',
    unit: 'duration',
    description: 'Longest wait between two probes of an open circuit.',
    processes: ['worker'],
  }),
  autoDisableAfterMs: variable({
    name: 'POSTHORN_AUTO_DISABLE_AFTER',
    schema: z.union([z.literal('off').transform(() => 0), type.duration('1s', '365d')]),
    defaultText: '5d',
    unit: 'duration or `off`',
    description:
      'A webhook to which nothing was delivered for so long, while attempts failed, is disabled; `disabledReason` says so. Time in which it was paused does not count.',
    processes: ['worker'],
  }),
} as const
