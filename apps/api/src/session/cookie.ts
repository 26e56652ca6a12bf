import { SESSION_MAX_MS } from '@posthorn/shared/access/session-store.ts'

/** Browsers take this name only over TLS, for all paths and this very host: no other site can set it. */
const OVER_TLS = '__Host-posthorn'
const OVER_HTTP = 'posthorn'
const LOOPBACK_HOST = /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i

/** How a request came, as far as cookies care. */
export interface Channel {
  /** The `Host` header. */
  readonly host: string | undefined
  /** `X-Forwarded-Proto`; who lies in it gets a cookie that its own browser does not keep. */
  readonly forwardedProto: string | undefined
  readonly encrypted: boolean
}

export type OverHttp = 'loopback' | 'anywhere'

/** The name of the session's cookie on this channel; undefined where there may be none. */
export function cookieName(channel: Channel, overHttp: OverHttp): string | undefined {
  if (isOverTls(channel)) return OVER_TLS
  const mayBePlain = overHttp === 'anywhere' || LOOPBACK_HOST.test(channel.host ?? '')
  return mayBePlain ? OVER_HTTP : undefined
}

/** Whether the browser came by TLS, as far as this process is told. */
export function isOverTls({ encrypted, forwardedProto }: Channel): boolean {
  return encrypted || forwardedProto?.split(',', 1)[0]?.trim().toLowerCase() === 'https'
}

/** The value of the first cookie of that name. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}

/** `Set-Cookie`; without a value it takes the cookie back. */
export function setCookie(name: string, value?: string): string {
  const seconds = value === undefined ? 0 : SESSION_MAX_MS / 1_000
  const secure = name === OVER_TLS ? '; Secure' : ''
  return `${name}=${value ?? ''}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`
}
