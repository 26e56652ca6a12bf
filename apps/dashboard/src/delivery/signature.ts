const PREFIX = 'whsec_'

/** Browsers sign only for pages that came over TLS or from this machine. */
class InsecurePage extends Error {
  constructor() {
    super('Signing needs HTTPS, or localhost: the browser offers it nowhere else.')
  }
}

/**
 * `v1,` and HMAC-SHA256 over `id.timestamp.body`, as Standard Webhooks says.
 * @throws when `secret` is not `whsec_` and base64
 */
export async function signatureOf(
  secret: string,
  id: string,
  timestamp: string,
  body: string,
): Promise<string> {
  if (!crypto.subtle) throw new InsecurePage()
  const trimmed = secret.trim()
  const base64 = trimmed.startsWith(PREFIX) ? trimmed.slice(PREFIX.length) : trimmed
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  const key = await crypto.subtle.importKey(
    'raw',
    bytes,
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`)
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, content))
  return `v1,${btoa(String.fromCharCode(...mac))}`
}

/** What is wrong with a signature, in the order in which subscribers get it wrong. */
export type Finding =
  | 'valid'
  | 'bad_secret'
  | 'bad_header'
  | 'other_secret'
  | 'reformatted_body'
  | 'other_timestamp'

export interface Received {
  readonly id: string
  readonly timestamp: string
  readonly body: string
  /** The header: one or more `v1,…`, separated by spaces. */
  readonly signature: string
  readonly secret: string
}

/**
 * Checks what a subscriber received, and says which mistake explains a mismatch. `sent` is what
 * Posthorn knows of the same event.
 */
export async function checkSignature(
  received: Received,
  sent: { readonly body: string; readonly secret?: string },
): Promise<Finding> {
  const { id, timestamp, body, secret } = received
  const given = received.signature.split(/\s+/).filter((each) => each.startsWith('v1,'))
  if (given.length === 0) return 'bad_header'
  const holds = async (key: string, text: string) =>
    given.includes(await signatureOf(key, id, timestamp, text))
  try {
    if (await holds(secret, body)) return 'valid'
    if (await holds(secret, sent.body)) return 'reformatted_body'
  } catch (error) {
    if (error instanceof InsecurePage) throw error
    return 'bad_secret'
  }
  if (sent.secret && (await holds(sent.secret, sent.body))) return 'other_secret'
  return 'other_timestamp'
}
