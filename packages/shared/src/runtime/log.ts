import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import { jsonOutput } from './log-output.ts'
import type { LOG_LEVELS } from './variable-types.ts'

export type Log = Logger
type Level = (typeof LOG_LEVELS)[number]

/**
 * Field names whose values never reach a log, at the top or one level down. The rule of the house is
 * not to pass them at all: payloads, secrets and headers stay out of log calls, and this catches what
 * slips, e.g. in an error that carries a request.
 */
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'data',
  'body',
  'encryptionKeys',
  'headers',
  'key',
  'password',
  'payload',
  'requestHeaders',
  'responseBody',
  'responseHeaders',
  'rootKey',
  'secret',
  'secrets',
  'signature',
  'token',
] as const

const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`])

/**
 * A logger of one process: JSON lines on stdout, one wide line per thing that happened. Each is written
 * before the call returns: in the background the last lines of a process come out of order, and those
 * before a crash not at all. Lines are few, so this costs nothing that could be measured.
 *
 * @param name the process, e.g. `api`
 * @param stream where to; see `log-output.ts`
 */
export function createLogger(
  name: string,
  level: Level,
  stream: DestinationStream = jsonOutput(),
): Log {
  const options = {
    name,
    level,
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths, censor: '***' },
    // The host's name tells nothing that the platform around the log does not know better.
    base: { name, pid: process.pid },
    serializers: { err: errorFields },
  }
  return pino(options, stream)
}

/** Of an error only what is meant for logs: libraries hang requests, with headers, onto theirs. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { name, message, stack, cause } = error
  const code = 'code' in error ? { code: error.code } : {}
  return { type: name, message, ...code, stack, ...(cause ? { cause: errorFields(cause) } : {}) }
}
