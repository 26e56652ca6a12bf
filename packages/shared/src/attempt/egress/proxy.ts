/** Where every attempt goes first (POSTHORN_EGRESS_PROXY), parsed once. */
export interface EgressProxy {
  readonly hostname: string
  readonly port: number
  /** The value of `proxy-authorization`; a secret. */
  readonly authorization?: string
}

const DEFAULT_PORT = 80

/** Parses `http://[user:password@]host[:port]`; undefined if the text is anything else. */
export function parseEgressProxy(text: string): EgressProxy | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' || url.hostname === '') return undefined
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') return undefined
  const credentials = credentialsOf(url)
  if (credentials === undefined) return undefined
  return {
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    ...(credentials !== ':' && {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
    }),
  }
}

/** `user:password` as they were meant; undefined if they are badly encoded. */
function credentialsOf({ username, password }: URL): string | undefined {
  try {
    return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  } catch {
    return undefined
  }
}
