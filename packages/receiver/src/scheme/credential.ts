import { createHash, timingSafeEqual } from 'node:crypto'
import { type Arrival, field, header } from './arrival.ts'
import { type Fault, listOf, type Scheme, type Secrets } from './scheme.ts'

/** `Authorization: Basic`, each secret written `user:password`. */
export function basic(given: Secrets): Scheme {
  const wanted = listOf(given).map((pair) => {
    if (!pair.includes(':')) throw new TypeError('Write user:password')
    return Buffer.from(pair).toString('base64')
  })
  return { ...plain('basic'), verify: (arrival) => credentialFault(arrival, 'basic', wanted) }
}

/** `Authorization: Bearer`, each secret a token. */
export function bearer(tokens: Secrets): Scheme {
  const wanted = listOf(tokens)
  return { ...plain('bearer'), verify: (arrival) => credentialFault(arrival, 'bearer', wanted) }
}

/** Takes what anybody sends: only behind something else that knows who may. */
export function none(): Scheme {
  return { ...plain('none'), verify: () => undefined }
}

function plain(name: string): Omit<Scheme, 'verify'> {
  return { name, id: () => undefined, type: (arrival) => field(arrival, 'type') }
}

function credentialFault(arrival: Arrival, kind: string, wanted: readonly string[]): Fault {
  const authorization = header(arrival, 'authorization')
  if (!authorization) return 'missing'
  const [, scheme = '', credential = ''] = /^(\S+) +(\S+)$/.exec(authorization) ?? []
  if (scheme.toLowerCase() !== kind) return 'malformed'
  let fits = false
  for (const one of wanted) if (isSame(credential, one)) fits = true
  return fits ? undefined : 'mismatch'
}

/** In constant time, whatever the lengths. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b))
}

const sha256 = (text: string) => createHash('sha256').update(text).digest()
