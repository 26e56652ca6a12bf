import { isIP } from 'node:net'
import type { EgressProxy } from './proxy.ts'

// CONNECT (RFC 9110, 9.3.6) as bytes.

/** Most bytes of a proxy's answer. */
export const MAX_ANSWER_BYTES = 16 * 1024

export function connectRequest(
  { authorization }: Pick<EgressProxy, 'authorization'>,
  address: string,
  port: number,
): string {
  const authority = isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`
  const credentials = authorization === undefined ? '' : `proxy-authorization: ${authorization}\r\n`
  return `CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${credentials}\r\n`
}

/** Whom a proxy blames for a refusal: who is connected to, its own rules, or itself. */
export type Blame = 'receiver' | 'rules' | 'proxy'

export interface ConnectAnswer {
  readonly statusCode: number
  /** Undefined when it does not say. */
  readonly blames: Blame | undefined
  /** What came behind the answer: the first bytes of the tunnel. */
  readonly rest: Buffer
}

const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})(?: |$)/
const END = Buffer.from('\r\n\r\n')

/** A proxy's whole answer; undefined while more of it has to come; `garbage` if it is no HTTP. */
export function parseConnectAnswer(bytes: Buffer): ConnectAnswer | 'garbage' | undefined {
  const end = bytes.indexOf(END)
  if (end === -1) return bytes.length > MAX_ANSWER_BYTES ? 'garbage' : undefined
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = STATUS_LINE.exec(first)?.[1]
  if (status === undefined) return 'garbage'
  return {
    statusCode: Number(status),
    blames: blamed(lines),
    rest: bytes.subarray(end + END.length),
  }
}

/** RFC 9209, 2.3; and what Squid says in a header of its own. */
const BLAMES: Record<string, Blame> = {
  destination_not_found: 'receiver',
  destination_unavailable: 'receiver',
  destination_ip_unroutable: 'receiver',
  connection_refused: 'receiver',
  connection_terminated: 'receiver',
  connection_timeout: 'receiver',
  connection_read_timeout: 'receiver',
  err_connect_fail: 'receiver',
  destination_ip_prohibited: 'rules',
  http_request_denied: 'rules',
  err_access_denied: 'rules',
  proxy_internal_error: 'proxy',
  proxy_configuration_error: 'proxy',
  proxy_loop_detected: 'proxy',
  connection_limit_reached: 'proxy',
  err_cache_access_denied: 'proxy',
  err_socket_failure: 'proxy',
}

function blamed(lines: readonly string[]): Blame | undefined {
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? []
    const error =
      name.toLowerCase() === 'proxy-status'
        ? /;\s*error=([a-z_]+)/i.exec(value)?.[1]
        : name.toLowerCase() === 'x-squid-error'
          ? /^[A-Z_]+/.exec(value)?.[0]
          : undefined
    const blames = error === undefined ? undefined : BLAMES[error.toLowerCase()]
    if (blames) return blames
  }
  return undefined
}
