import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'

// X.509 certificates for receivers in tests, made when needed: a stored one would expire, and
// openssl is not on every machine. Just enough DER (X.690) and RFC 5280 for Node to accept them.

export interface ServerCertificate {
  /** PEM. */
  readonly key: string
  readonly cert: string
}

export interface CertificateRequest {
  /** Host names and IPv4 addresses that the certificate is for. */
  readonly names: readonly string[]
  /** Default: in an hour. */
  readonly expiresMs?: number
}

export interface TestAuthority {
  /** PEM of the root that a client has to trust. */
  readonly ca: string
  issue(request: CertificateRequest): ServerCertificate
}

const HOUR_MS = 60 * 60 * 1000
const ECDSA_WITH_SHA256 = der(0x30, oid('2a8648ce3d040302'))

export function createAuthority(): TestAuthority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = commonName('Posthorn test authority')
  const root = { subject: name, publicKey: keys.publicKey, expiresMs: Date.now() + HOUR_MS }
  const ca = certificate(root, name, keys.privateKey, [basicConstraintsCa()])
  return { ca, issue: (request) => issue(request, name, keys.privateKey) }
}

/** A certificate that only vouches for itself. */
export function selfSigned(request: CertificateRequest): ServerCertificate {
  return issue(request)
}

function issue(request: CertificateRequest, issuer?: Buffer, issuerKey?: KeyObject) {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const subject = commonName(request.names[0] ?? 'nobody')
  const expiresMs = request.expiresMs ?? Date.now() + HOUR_MS
  const cert = certificate(
    { subject, publicKey: keys.publicKey, expiresMs },
    issuer ?? subject,
    issuerKey ?? keys.privateKey,
    [alternativeNames(request.names)],
  )
  return { key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert }
}

interface Subject {
  readonly subject: Buffer
  readonly publicKey: KeyObject
  readonly expiresMs: number
}

function certificate(
  { subject, publicKey, expiresMs }: Subject,
  issuer: Buffer,
  issuerKey: KeyObject,
  extensions: Buffer[],
): string {
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)])
  const tbs = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ECDSA_WITH_SHA256,
    issuer,
    der(0x30, time(expiresMs - 2 * HOUR_MS), time(expiresMs)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, ...extensions)),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', tbs, issuerKey))
  const base64 = der(0x30, tbs, ECDSA_WITH_SHA256, signature).toString('base64')
  const lines = base64.match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function commonName(text: string): Buffer {
  return der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, Buffer.from(text)))))
}

function alternativeNames(names: readonly string[]): Buffer {
  const entries = names.map((name) =>
    isIP(name) === 4
      ? der(0x87, Buffer.from(name.split('.').map(Number)))
      : der(0x82, Buffer.from(name)),
  )
  return der(0x30, oid('551d11'), der(0x04, der(0x30, ...entries)))
}

function basicConstraintsCa(): Buffer {
  const yes = der(0x01, Buffer.from([0xff]))
  return der(0x30, oid('551d13'), yes, der(0x04, der(0x30, yes)))
}

/** GeneralizedTime, YYYYMMDDHHMMSSZ. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  return der(0x18, Buffer.from(digits))
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'))
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content])
  const size = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
