import { describe, expect, it } from 'vitest'
import { checkSignature, signatureOf } from './signature.ts'

// The example of the Standard Webhooks specification.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
const TIMESTAMP = '1614265330'
const BODY = '{"test": 2432232314}'
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='

it('signs as the specification’s example does', async () => {
  expect(await signatureOf(SECRET, ID, TIMESTAMP, BODY)).toBe(SIGNATURE)
})

describe('the checker names the mistake', () => {
  const received = {
    id: ID,
    timestamp: TIMESTAMP,
    body: BODY,
    signature: SIGNATURE,
    secret: SECRET,
  }
  const sent = { body: BODY, secret: SECRET }
  it.each([
    ['valid', {}],
    ['valid', { signature: `v1,AAAA ${SIGNATURE}` }],
    ['bad_header', { signature: 'sha256=abc' }],
    ['bad_secret', { secret: 'whsec_***' }],
    ['reformatted_body', { body: '{"test":2432232314}' }],
    ['other_secret', { secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['other_timestamp', { timestamp: '1614265331' }],
  ])('%s', async (finding, change) => {
    expect(await checkSignature({ ...received, ...change }, sent)).toBe(finding)
  })
})
