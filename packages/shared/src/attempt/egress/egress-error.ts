/**
 * - `unreachable`: no TCP connection to the proxy
 * - `refused`: it answered CONNECT with something else than 2xx
 * - `silent`: it took CONNECT and did not answer within the attempt's deadline
 * - `broken`: it hung up before it answered, or answered no HTTP
 */
export type EgressFault = 'unreachable' | 'refused' | 'silent' | 'broken'

const MESSAGES: Record<EgressFault, string> = {
  unreachable: 'The egress proxy cannot be reached',
  refused: 'The egress proxy opened no connection',
  silent: 'The egress proxy did not answer',
  broken: 'The egress proxy broke off',
}

/**
 * The egress proxy failed, not the receiver: nothing was sent, the attempt counts for nothing, and it
 * is made again. The message holds neither the proxy's address nor its credentials.
 */
export class EgressError extends Error {
  override readonly name = 'EgressError'
  readonly fault: EgressFault

  constructor(fault: EgressFault, detail?: { statusCode?: number; cause?: unknown }) {
    const { statusCode, cause } = detail ?? {}
    const status = statusCode === undefined ? '' : ` (${statusCode})`
    super(`${MESSAGES[fault]}${status}`, cause === undefined ? undefined : { cause })
    this.fault = fault
  }
}
