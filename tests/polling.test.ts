import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { nodeBinary, repositoryRoot } from './harness/place.ts'
import { startPosthorn } from './harness/posthorn.ts'
import { inParallel, upTo, waitFor } from './harness/wait.ts'

test('who polls as the documentation has it sees every event once', async () => {
  const posthorn = await startPosthorn()
  onTestFinished(() => posthorn.stop())
  const file = join(repositoryRoot, 'examples/polling/poll.mjs')
  const env = { ...process.env, POSTHORN_URL: posthorn.url, POSTHORN_KEY: posthorn.key }
  const polling = spawn(nodeBinary, [file], { env: { ...env, EVERY_MS: '100' } })
  onTestFinished(() => void polling.kill())
  let printed = ''
  const note = (chunk: Buffer) => {
    printed += chunk
  }
  polling.stdout.on('data', note)
  polling.stderr.on('data', note)

  const shop = posthorn.tenant('polling')
  const published = await inParallel(upTo(300), 8, () => shop.publish({ data: { n: 1.5 } }))
  const ids = published.map(({ id }) => id)
  const seen = () => printed.match(/^evt_\w+/gm) ?? []
  await waitFor(() => seen().length >= ids.length, {
    what: 'all events to be seen',
    context: () => printed.slice(-2_000),
  })
  expect(seen().toSorted()).toEqual(ids.toSorted())
  expect(printed).toContain('user.created {"n":1.5}')
})
