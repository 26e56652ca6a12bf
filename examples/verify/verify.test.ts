import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateSecret } from '@posthorn/shared/signature/secret.ts'
import { afterEach, describe, expect, test, vi } from 'vitest'
import * as crypto from './crypto.mjs'
import * as library from './library.mjs'
import { signed } from './signed.ts'

afterEach(() => void vi.useRealTimers())

type Verify = typeof crypto.verify

const script = fileURLToPath(new URL('verify.sh', import.meta.url))

/** The shell script, as a function that throws like the others. */
const shell: Verify = (rawBody, headers, secret) => {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-verify-'))
  try {
    const file = join(folder, 'body')
    writeFileSync(file, rawBody)
    const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature']
    const args = [script, ...names.map((name) => String(headers[name])), file]
    const env = { ...process.env, WEBHOOK_SECRET: secret }
    const { status, stderr } = spawnSync('sh', args, { env, encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const inNode: [string, Verify][] = [
  ['node:crypto', crypto.verify],
  ['standardwebhooks', library.verify],
]

// The vector of the Standard Webhooks suites (libraries/*/tests: "sign function works").
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  body: Buffer.from('{"test": 2432232314}'),
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
}

const secret = generateSecret()

describe.each(inNode)('the example with %s', (_name, verify) => {
  guarantees(verify)

  test('refuses what is older than five minutes', () => {
    const old = signed({ secrets: [secret], nowMs: Date.now() - 301_000 })
    expect(() => verify(old.body, old.headers, secret)).toThrow()
  })
})

describe.skipIf(!hasOpenssl)('the example with openssl', () => guarantees(shell))

function guarantees(verify: Verify): void {
  test('takes what Posthorn signs, whatever bytes the data has', () => {
    for (const data of ['{}', '1e400', '"é\\u2028 "', '"$(id) `id` %s"']) {
      const { body, headers } = signed({ secrets: [secret], data })
      verify(body, headers, secret)
    }
  })

  test('takes each of several secrets while they are rotated', () => {
    const secrets = [generateSecret(), secret, generateSecret()]
    const { body, headers } = signed({ secrets })
    for (const each of secrets) verify(body, headers, each)
  })

  test('takes the vector of Standard Webhooks', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_614_265_330_000 })
    verify(VECTOR.body, VECTOR.headers, VECTOR.secret)
  })

  test('refuses another body, id, time, secret or signature', () => {
    const { body, headers } = signed({ secrets: [secret] })
    const wrong: Parameters<Verify>[] = [
      [Buffer.concat([body, Buffer.from(' ')]), headers, secret],
      [body, { ...headers, 'webhook-id': 'evt_2' }, secret],
      [
        body,
        { ...headers, 'webhook-timestamp': `${Number(headers['webhook-timestamp']) + 1}` },
        secret,
      ],
      [body, headers, generateSecret()],
      [body, { ...headers, 'webhook-signature': 'v1,' }, secret],
    ]
    for (const request of wrong) expect(() => verify(...request)).toThrow()
  })
}
