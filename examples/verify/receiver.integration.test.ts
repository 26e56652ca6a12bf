import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { generateSecret } from '@posthorn/shared/signature/secret.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { signed } from './signed.ts'

const main = fileURLToPath(new URL('receiver.mjs', import.meta.url))
const secret = generateSecret()

let child: ChildProcess
let output: string
let url: string

beforeEach(async () => {
  output = ''
  const env = { ...process.env, WEBHOOK_SECRET: secret, PORT: '0' }
  child = spawn(process.execPath, [main], { env })
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk
    })
  }
  const port = await printed(/port: (\d+)/)
  url = `http://127.0.0.1:${port}/hook`
})

afterEach(async () => {
  const gone = once(child, 'exit')
  child.kill()
  await gone
})

/** Waits until the receiver has printed this, and returns the first group. */
async function printed(pattern: RegExp): Promise<string | undefined> {
  for (;;) {
    const found = pattern.exec(output)
    if (found) return found[1]
    await once(child.stdout as NodeJS.ReadableStream, 'data')
  }
}

async function post({ body, headers }: ReturnType<typeof signed>): Promise<number> {
  const answer = await fetch(url, { method: 'POST', body: new Uint8Array(body), headers })
  return answer.status
}

test('the example of a receiver takes an event once, and answers its repeat alike', async () => {
  expect(await post(signed({ secrets: [secret], id: 'evt_1' }))).toBe(204)
  expect(await post(signed({ secrets: [secret], id: 'evt_1' }))).toBe(204)
  expect(await post(signed({ secrets: [secret], id: 'evt_2', data: '"last"' }))).toBe(204)
  await printed(/received user\.created "last"/)
  expect(output.match(/received/g)?.length).toBe(2)
})

test('the example of a receiver refuses what another secret signed', async () => {
  expect(await post(signed({ secrets: [generateSecret()] }))).toBe(401)
  expect(output).not.toContain('received')
})
