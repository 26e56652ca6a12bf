/**
 * How an attempt ended:
 *
 *   success     2xx headers before the deadline, whatever the body then did
 *   redirect    3xx; never followed
 *   http_error  any other final status
 *   timeout     the deadline passed first, at whatever stage
 *   dns         the name did not resolve
 *   blocked     an address that webhooks may not reach; not one byte was sent to it
 *   connect     no TCP connection
 *   tls         no TLS session: handshake, certificate, or a peer without HTTP/1.1
 *   reset       the connection ended before the answer's headers were complete
 *   protocol    what came back is not HTTP/1.1, or its headers exceed their limit
 */
export const OUTCOMES = [
  'success',
  'http_error',
  'redirect',
  'timeout',
  'dns',
  'connect',
  'tls',
  'reset',
  'protocol',
  'blocked',
] as const

export type Outcome = (typeof OUTCOMES)[number]

/** What of an answer's body is read and kept: 16 KiB. */
export const MAX_BODY_BYTES = 16 * 1024

/**
 * How long the stages of an attempt took. One that was not reached is left out, the one in which it ended
 * counts until then. An attempt on a kept connection has no stages before the request.
 */
export interface AttemptTimings {
  readonly dnsMs?: number
  /** TCP, through an egress proxy with the tunnel. */
  readonly connectMs?: number
  readonly tlsMs?: number
  /** From the request to the headers of the answer. */
  readonly firstByteMs?: number
  readonly bodyMs?: number
  /** The connection had carried a request before. */
  readonly reused: boolean
}

export interface AttemptResult {
  readonly outcome: Outcome
  /** Start of the attempt, in the sender's clock. */
  readonly startedMs: number
  /** From the start until the outcome was known; reading the body afterwards does not count. */
  readonly durationMs: number
  readonly timings?: AttemptTimings
  readonly statusCode?: number
  /** The `Retry-After` header as received; judged by the verdict. */
  readonly retryAfter?: string
  readonly responseHeaders?: [string, string][]
  /** At most MAX_BODY_BYTES, never decompressed. */
  readonly responseBody?: Buffer
  /** Body bytes that were read, including what is beyond the kept part. */
  readonly responseBytes: number
  /** What went wrong, in words that a tenant may read. */
  readonly error?: string
}
