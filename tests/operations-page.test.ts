import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { repositoryRoot } from './harness/place.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import { schedule, Tenant } from './harness/tenant.ts'

// What docs/operations.md asks an API, as pasted. Its other commands are for a machine with Docker or a collector.

let posthorn: Posthorn

beforeAll(async () => {
  posthorn = await startPosthorn()
})
afterAll(() => posthorn?.stop())

/** Slow enough to be still at it when it is cancelled. */
const SLOW = { ratePerSecond: 1 }
const LETTERS = 30

test('every command that the page on operations gives for the API is answered 2xx', async () => {
  const page = readFileSync(join(repositoryRoot, 'docs/operations.md'), 'utf8')
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block)
  const asked = blocks.filter((block) => block.includes('curl'))
  expect(asked).toHaveLength(3)

  const shop = new Tenant('default', posthorn.client())
  const at = (await posthorn.receiver()).endpoint()
  at.script = 500
  const webhook = await shop.webhook({ url: at.url, retryPolicy: schedule() })
  const events = await Promise.all(Array.from({ length: LETTERS }, () => shop.publish()))
  await shop.deadLetters(LETTERS)
  at.script = 200
  const filter = { webhook: webhook.id, ...SLOW }
  const task = await posthorn.client().post<{ id: string }>(202, '/v1/dead-letters/redrive', filter)
  const [event] = events
  const [delivery] = (await shop.event(event?.id ?? '')).deliveries

  const script = ['curl() { command curl --fail-with-body "$@" && echo; }', ...asked].join('\n')
  const env = {
    ...{ ...process.env, API: posthorn.url, KEY: posthorn.key, WEBHOOK: webhook.id },
    ...{ TASK: task.id, EVENT: event?.id, DELIVERY: delivery?.id },
  }
  const { stdout, stderr } = await promisify(execFile)('bash', ['-euc', script], { env }).catch(
    (failure: { stdout: string; stderr: string }) => failure,
  )
  expect(stderr, stdout).toBe('')
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(answers).toMatchObject([
    { data: [{ webhook: webhook.id }, {}, {}, {}, {}] },
    { outcome: 'success' },
    { count: expect.any(Number) },
    { kind: 'redrive' },
    { id: task.id, state: expect.any(String) },
    { id: task.id, state: 'cancelled' },
    { id: event?.id },
    { id: delivery?.id },
  ])
})
