import { createSecretKey } from 'node:crypto'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { createHMAC, createSHA256 } from 'hash-wasm'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { jsonText } from '../testing/json-text.ts'
import { MAX_SECRET_BYTES, MIN_SECRET_BYTES } from './secret.ts'
import { sign, verify } from './standard.ts'

const BODIES = 10_000
const NOW_SECONDS = Math.floor(Date.now() / 1_000)

const signedRequest = fc.record({
  key: fc.uint8Array({ minLength: MIN_SECRET_BYTES, maxLength: MAX_SECRET_BYTES }),
  id: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
  // Events are JSON; around the blocks of SHA-256 is where implementations of it go wrong.
  body: fc
    .tuple(jsonText, fc.nat(130))
    .map(([text, padding]) => Buffer.from(`[${text},"${'x'.repeat(padding)}"]`)),
})

// Three implementations of HMAC-SHA256 that share no code with Node's nor with each other:
// fast-sha256 in the reference library, @noble/hashes, and WebAssembly made from C.
test('three independent libraries verify what is signed, for 10,000 random bodies', async () => {
  const wasmSha256 = createSHA256()
  const property = fc.asyncProperty(signedRequest, async ({ key, id, body }) => {
    const signature = sign(id, NOW_SECONDS, body, [createSecretKey(key)])
    const signed = Buffer.concat([Buffer.from(`${id}.${NOW_SECONDS}.`), body])
    expect(signature).toBe(`v1,${Buffer.from(hmac(sha256, key, signed)).toString('base64')}`)
    const wasm = (await createHMAC(wasmSha256, key)).init().update(signed).digest('binary')
    expect(signature).toBe(`v1,${Buffer.from(wasm).toString('base64')}`)
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(NOW_SECONDS),
      'webhook-signature': signature,
    }
    const secret = `whsec_${Buffer.from(key).toString('base64')}`
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body.toString()))
    expect(verify({ headers, rawBody: body, secrets: [secret] })).toEqual({ ok: true })
  })
  await fc.assert(property, { numRuns: BODIES })
}, 30_000)

test('a request of which any byte was changed is refused', () => {
  const property = fc.property(
    signedRequest,
    fc.nat(),
    fc.nat(254),
    ({ key, id, body }, at, by) => {
      const signature = sign(id, NOW_SECONDS, body, [createSecretKey(key)])
      const part = [Buffer.from(id), Buffer.from(body), Buffer.from(key)][at % 3] as Buffer
      fc.pre(part.length > 0)
      const where = Math.floor(at / 3) % part.length
      part[where] = ((part[where] as number) + 1 + by) % 256
      const changed = [id, body, key].map((each, i) => (i === at % 3 ? part : Buffer.from(each)))
      const [otherId, rawBody, otherKey] = changed as [Buffer, Buffer, Buffer]
      const headers = {
        'webhook-id': otherId.toString('latin1'),
        'webhook-timestamp': String(NOW_SECONDS),
        'webhook-signature': signature,
      }
      const secrets = [`whsec_${otherKey.toString('base64')}`]
      expect(verify({ headers, rawBody, secrets })).toEqual({ ok: false, fault: 'mismatch' })
    },
  )
  fc.assert(property, { numRuns: 2_000 })
})
