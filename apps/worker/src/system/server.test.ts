import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createProbeServer } from './server.ts'

async function ask(stuck: string[], notReady: string[]) {
  const server = createProbeServer({
    stuck: () => stuck,
    notReady: () => notReady,
    warnings: () => [],
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`)
  return { status: answer.status, body: await answer.json() }
}

test('/healthz is well while nothing is stuck, ready or not', async () => {
  expect(await ask([], ['Redis does not answer'])).toEqual({ status: 200, body: { status: 'ok' } })
})

test('/healthz fails and says what is stuck', async () => {
  expect(await ask(['the queue'], [])).toEqual({
    status: 503,
    body: { status: 'stuck', reasons: ['the queue'] },
  })
})
