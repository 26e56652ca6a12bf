/** What a connection is waiting for, in the order in which it is made: `proxy` and `tunnel` instead of connect. */
export type DialStage = FailingStage | 'proxy' | 'tunnel'

/** Where it can fail for the receiver's reasons. `blocked` may follow dns, connect or tunnel. */
type FailingStage = 'dns' | 'connect' | 'tls'

/** What a deadline that passes in this stage cut short; `within … ms` follows. */
export const CUT_SHORT: Record<DialStage, string> = {
  dns: 'The host name was not resolved',
  proxy: 'The egress proxy was not reached',
  tunnel: 'The egress proxy opened no connection',
  connect: 'No connection was made',
  tls: 'The TLS handshake did not end',
}

/**
 * No connection could be made. `stage` is also the attempt's outcome. The message may be read by a
 * tenant: it holds no address, and for a blocked one nothing that depends on what listens there.
 */
export class DialError extends Error {
  override readonly name = 'DialError'
  readonly stage: FailingStage | 'blocked'

  constructor(stage: FailingStage | 'blocked', cause?: unknown) {
    super(describe(stage, errorCode(cause)), { cause })
    this.stage = stage
  }
}

/** The `code` of a Node error; of several failed addresses the first one's. */
export function errorCode(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0])
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

const WORDS: Record<string, string> = {
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the name servers gave no answer',
  ENODATA: 'the host name has no address',
  ESERVFAIL: 'the name servers failed',
  EREFUSED: 'the name servers refused to answer',
  ETIMEOUT: 'the name servers gave no answer',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the host did not answer',
  EPROXY: 'the host cannot be reached through the egress proxy',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate chain is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate chain is incomplete',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name',
}

/** What a code says that means another thing at this stage. */
const STAGE_WORDS: Record<string, string> = {
  'dns ECONNREFUSED': 'the name servers cannot be reached',
}

const STAGES: Record<FailingStage, string> = {
  dns: 'The host name could not be resolved',
  connect: 'No connection could be made',
  tls: 'TLS failed',
}

function describe(stage: FailingStage | 'blocked', code: string | undefined): string {
  if (stage === 'blocked') return 'The host is at an address that webhooks may not reach'
  if (code === undefined) return STAGES[stage]
  const words = STAGE_WORDS[`${stage} ${code}`] ?? WORDS[code]
  return `${STAGES[stage]}: ${words === undefined ? code : `${words} (${code})`}`
}
