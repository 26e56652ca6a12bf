import { errors } from 'undici'
import { DialError, errorCode } from './dial-error.ts'
import { AnswerError } from './response-guard.ts'
import type { Outcome } from './result.ts'

export interface Failure {
  readonly outcome: Extract<Outcome, 'dns' | 'connect' | 'tls' | 'blocked' | 'protocol' | 'reset'>
  /** Safe for tenants: no address, no stack. */
  readonly message: string
}

/** What an exchange that ended without an answer's headers died of, by type and code. */
export function classifyFailure(error: unknown): Failure {
  if (error instanceof DialError) return { outcome: error.stage, message: error.message }
  if (error instanceof AnswerError) return { outcome: 'protocol', message: error.message }
  const code = errorCode(error)
  if (error instanceof errors.HeadersOverflowError) {
    return { outcome: 'protocol', message: 'The headers of the answer are too large' }
  }
  if (error instanceof errors.ResponseContentLengthMismatchError) {
    return { outcome: 'protocol', message: 'The answer contradicts its own length' }
  }
  if (error instanceof errors.HTTPParserError || code?.startsWith('HPE_') === true) {
    return { outcome: 'protocol', message: `The answer is not HTTP/1.1 (${code})` }
  }
  // With TLS 1.3 a server refuses a client only after the client's handshake is done.
  if (code?.startsWith('ERR_SSL_') === true || code?.startsWith('ERR_TLS_') === true) {
    return { outcome: 'tls', message: `TLS failed: ${code}` }
  }
  return { outcome: 'reset', message: 'The connection was closed before the answer was complete' }
}
