/** What a browser tells of the page that makes a request. */
export interface Initiator {
  readonly host: string | undefined
  readonly origin: string | undefined
  /** `Sec-Fetch-Site`, which browsers send to trustworthy addresses (TLS, loopback) only. */
  readonly fetchSite: string | undefined
}

/**
 * Whether a request was made by a page of this origin. Where the browser says so itself that counts:
 * a proxy may have changed `Host`. Without a word about its origin a request is not ours.
 */
export function isSameOrigin({ host, origin, fetchSite }: Initiator): boolean {
  if (fetchSite !== undefined) return fetchSite === 'same-origin'
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false
  const { protocol, host: from } = new URL(origin)
  const here = `${protocol}//${host}`
  return from !== '' && URL.canParse(here) && new URL(here).host === from
}

/** Whether a browser says anything at all: programs do not. */
export const saysOrigin = ({ origin, fetchSite }: Initiator) =>
  origin !== undefined || fetchSite !== undefined
