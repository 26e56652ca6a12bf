import { field, header } from './arrival.ts'
import { timeFault } from './fresh.ts'
import { listOf, type Scheme, type Secrets } from './scheme.ts'
import { isSigned } from './signed.ts'

const PREFIX = 'v0='

/**
 * Slack's Events API. Its `url_verification` is answered with the challenge, once it is known to come
 * from Slack.
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function slack(signingSecrets: Secrets): Scheme {
  const secrets = listOf(signingSecrets)
  return {
    name: 'slack',
    verify(arrival, nowMs) {
      const signature = header(arrival, 'x-slack-signature')
      const timestamp = header(arrival, 'x-slack-request-timestamp')
      if (!signature || !timestamp) return 'missing'
      if (!signature.startsWith(PREFIX)) return 'malformed'
      const fault = timeFault(timestamp, nowMs)
      if (fault) return fault
      const content = [`v0:${timestamp}:`, arrival.body]
      const hex = signature.slice(PREFIX.length)
      return isSigned(content, [hex], { secrets, encoding: 'hex' }) ? undefined : 'mismatch'
    },
    id: (arrival) => field(arrival, 'event_id'),
    type: (arrival) => field(arrival, 'event', 'type') ?? field(arrival, 'type'),
    reply(arrival) {
      const challenge = field(arrival, 'challenge')
      if (field(arrival, 'type') !== 'url_verification' || challenge === undefined) return undefined
      return { contentType: 'text/plain', body: challenge }
    },
  }
}
