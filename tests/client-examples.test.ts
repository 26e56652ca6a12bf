import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeBinary, repositoryRoot } from './harness/place.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { schedule } from './harness/tenant.ts'

// The programs of docs/client.md, as they stand; what it shows for the edge is tested beside it.

let posthorn: Posthorn
let receiver: Receiver
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-client-examples-'))
  posthorn = await startPosthorn()
  receiver = await posthorn.receiver()
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await posthorn?.stop()
})

/** What a program prints, on both streams, and how it ends. */
function run(name: string, argument: string, url = posthorn.url) {
  const file = join(repositoryRoot, 'examples/client', name)
  const env = { ...process.env, POSTHORN_URL: url, POSTHORN_KEY: posthorn.key }
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    execFile(nodeBinary, [file, argument], { env }, (error, out, err) => {
      resolve({ code: error?.code ?? 0, out, err })
    })
  })
}

test('an order is published once, however often it is said', async () => {
  expect(await run('publish.mjs', '17')).toEqual({
    ...{ code: 0, out: 'paid-17 will be delivered\n', err: '' },
  })
  expect((await run('publish.mjs', '17')).out).toBe('paid-17 had been published\n')
  const refused = await run('publish.mjs', 'no id!')
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('invalid_input') })
})

test('a file of events is published, and what is refused of it is named', async () => {
  const file = join(folder, 'events.ndjson')
  const lines = Array.from({ length: 1_500 }, (_, n) => `{"type":"a.b","data":${n}}`)
  writeFileSync(file, [...lines, '{"id":"bad","type":"no type!","data":1}'].join('\n'))
  const { out, err } = await run('import.mjs', file)
  expect(out).toBe('1500 events will be delivered\n')
  expect(err).toMatch(/^bad .+\n$/)
})

test('what is dead is listed and redriven, and the example stays until it is done', async () => {
  const shop = posthorn.tenant('default')
  const at = receiver.endpoint([500, 200])
  const { id } = await shop.webhook({ url: at.url, retryPolicy: schedule() })
  const event = await shop.publish()
  await shop.deadLetters(1)
  const { out } = await run('redrive.mjs', id)
  expect(out).toContain(`${event.id} exhausted 500\n`)
  expect(out).toMatch(/done 1 of 1\n$/)
  await shop.only(event.id, 'delivered')
})
