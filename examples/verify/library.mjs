import { Webhook } from 'standardwebhooks'

/**
 * Throws unless the request was signed with the secret, within the last five minutes.
 *
 * @param {Buffer} rawBody exactly the bytes that arrived
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @param {string} secret `whsec_…`
 */
export function verify(rawBody, headers, secret) {
  new Webhook(secret).verify(rawBody, /** @type {Record<string, string>} */ (headers))
}
