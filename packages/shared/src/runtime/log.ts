import {
  type DestinationStream,
  type Logger,
  type LoggerOptions,
  pino,
  stdTimeFunctions,
} from 'pino'
import { writeFields } from './log-line.ts'
import { jsonOutput } from './log-output.ts'
import { redacted } from './redact.ts'
import type { LOG_LEVELS } from './variable-types.ts'

type Level = (typeof LOG_LEVELS)[number]

/** `successLevel`: that of what goes well by the thousand, an attempt or a publish. */
export type Log = Logger & { readonly successLevel: 'info' | 'debug' }

export interface LogSettings {
  readonly logLevel: Level
  /** Whether what goes well by the thousand has its lines too, as has all else. Default true. */
  readonly logSuccesses?: boolean
}

/**
 * A logger of one process: JSON lines on stdout, one wide line per thing that happened. Each is written
 * before its turn of the event loop ends, warnings and what is graver before the call returns: in the
 * background the last lines of a process come out of order, and those before a crash not at all. What that
 * costs: docs/decisions/0019.
 *
 * @param name the process, e.g. `api`
 * @param stream where to; see `log-output.ts`
 */
export function createLogger(
  name: string,
  { logLevel, logSuccesses = true }: LogSettings,
  stream: DestinationStream = jsonOutput(),
): Log {
  // The host's name tells nothing that the platform around the log does not know better.
  const base = { name, pid: process.pid }
  const options: LoggerOptions = {
    base,
    level: logLevel,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { log: redacted },
    // Pino's own would take what is left of an error for one.
    serializers: { err: redacted },
    hooks: { logMethod: writeFields(base, stream) },
  }
  const successLevel: Log['successLevel'] = logSuccesses ? 'info' : 'debug'
  return Object.assign(pino(options, stream), { successLevel })
}
