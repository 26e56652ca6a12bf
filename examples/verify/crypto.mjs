import { createHmac, timingSafeEqual } from 'node:crypto'

const TOLERANCE_SECONDS = 5 * 60

/**
 * Throws unless the request was signed with the secret, within the last five minutes.
 *
 * @param {Buffer} rawBody exactly the bytes that arrived
 * @param {import('node:http').IncomingHttpHeaders} headers names in lower case, as Node gives them
 * @param {string} secret `whsec_…`
 */
export function verify(rawBody, headers, secret) {
  const id = headers['webhook-id']
  const timestamp = headers['webhook-timestamp']
  const signatures = headers['webhook-signature']
  if (!id || !timestamp || !signatures) throw new Error('a webhook-… header is missing')

  const ageSeconds = Date.now() / 1000 - Number(timestamp)
  // The other way round NaN would pass.
  if (!(Math.abs(ageSeconds) <= TOLERANCE_SECONDS)) throw new Error('too old, or from the future')

  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(rawBody).digest()
  const wanted = Buffer.from(`v1,${digest.toString('base64')}`)
  // While a secret is rotated there are several signatures; one that fits is enough.
  const fits = `${signatures}`.split(' ').some((signature) => {
    const given = Buffer.from(signature)
    return given.length === wanted.length && timingSafeEqual(given, wanted)
  })
  if (!fits) throw new Error('no signature fits')
}
