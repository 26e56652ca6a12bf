import { isIP } from 'node:net'
import type { AddressPolicy } from './policy.ts'

/** Longest URL accepted, in characters. */
export const MAX_URL_LENGTH = 2_048

/** A URL that events may be sent to, parsed once. */
export interface WebhookUrl {
  readonly href: string
  /** `https://host:port`, without the port if it is the scheme's own. */
  readonly origin: string
  /** Path and query, as they stand in the request line; never empty. */
  readonly path: string
  /** Host name or address literal without brackets. */
  readonly hostname: string
}

export type UrlFault =
  | 'too_long'
  | 'malformed'
  | 'scheme'
  | 'credentials'
  | 'forbidden_host'
  | 'forbidden_address'

export type UrlCheck =
  | { readonly ok: true; readonly url: WebhookUrl }
  | { readonly ok: false; readonly code: UrlFault; readonly message: string }

const MESSAGES: Record<UrlFault, string> = {
  too_long: `is longer than ${MAX_URL_LENGTH} characters`,
  malformed: 'is not an absolute URL',
  scheme: 'must be http or https',
  credentials: 'must not contain a user name or password; use a custom header',
  forbidden_host: 'names this machine',
  forbidden_address: 'is a private, loopback, link-local, metadata or reserved address',
}

/** The one name that means this machine wherever it is resolved (RFC 6761, 6.3). */
const LOCALHOST = /(?:^|\.)localhost$/

/**
 * Judges a webhook's URL when it is written. Literals are judged here in every spelling, because
 * the WHATWG parser turns `127.1`, `0x7f000001` or `2130706433` into an address; what a name
 * resolves to is judged at every connect (attempt/dial.ts).
 */
export function checkWebhookUrl(text: string, policy: AddressPolicy): UrlCheck {
  if (text.length > MAX_URL_LENGTH) return refused('too_long')
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url) return refused('malformed')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refused('scheme')
  if (url.username !== '' || url.password !== '') return refused('credentials')
  const parsed = toWebhookUrl(url)
  const name = parsed.hostname.replace(/\.+$/, '')
  if (name === '') return refused('malformed')
  if (isIP(name) !== 0) {
    return policy.allows(name) ? { ok: true, url: parsed } : refused('forbidden_address')
  }
  const loopbackAllowed = policy.allows('127.0.0.1') || policy.allows('::1')
  if (LOCALHOST.test(name) && !loopbackAllowed) return refused('forbidden_host')
  return { ok: true, url: parsed }
}

/** Parses a URL that passed checkWebhookUrl when it was written. Throws TypeError if it is none. */
export function parseWebhookUrl(text: string): WebhookUrl {
  return toWebhookUrl(new URL(text))
}

function toWebhookUrl(url: URL): WebhookUrl {
  const hostname = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
  return { href: url.href, origin: url.origin, path: url.pathname + url.search, hostname }
}

function refused(code: UrlFault): UrlCheck {
  return { ok: false, code, message: MESSAGES[code] }
}
