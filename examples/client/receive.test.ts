import { generateSecret } from '@posthorn/shared/signature/secret.ts'
import { expect, test } from 'vitest'
import { signed } from '../verify/signed.ts'
import { receive } from './receive.mjs'

test('the receiver for the edge keeps what either secret of a rotation signed, and nothing else', async () => {
  const [older, newer] = [generateSecret(), generateSecret()]
  const kept: unknown[] = []
  const post = (secret: string) => {
    const { body, headers } = signed({ secrets: [secret], data: '{"n":1}' })
    const init = { method: 'POST', headers, body: new Uint8Array(body) }
    const env = { WEBHOOK_SECRETS: `${newer} ${older}` }
    return receive(new Request('http://here', init), env, async (event) => void kept.push(event))
  }
  expect((await post(older)).status).toBe(204)
  expect((await post(newer)).status).toBe(204)
  const refused = await post(generateSecret())
  expect([refused.status, await refused.text()]).toEqual([401, 'mismatch'])
  expect(kept).toHaveLength(2)
  expect(kept[0]).toMatchObject({ id: expect.any(String), type: 'user.created', data: { n: 1 } })
})
