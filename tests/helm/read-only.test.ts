import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { startPosthorn } from '../harness/posthorn.ts'
import { schedule } from '../harness/tenant.ts'
import { makePod } from './pod.ts'

test('as the chart runs them, without a file that they may write, API and worker accept, deliver and retry', async ({
  skip,
}) => {
  const pod = await makePod()
  if ('missing' in pod) return skip(pod.missing)
  onTestFinished(() => pod.remove())
  const [command = '', ...args] = pod.through
  const run = (script: string) => promisify(execFile)(command, [...args, 'sh', '-c', script])
  expect((await run('id -u')).stdout.trim()).toBe('1000')
  await expect(run('touch /tmp/a-file')).rejects.toThrow('Read-only')

  const posthorn = await startPosthorn({ apis: 0, workers: 0 })
  onTestFinished(() => posthorn.stop())
  const { through } = pod
  await Promise.all([posthorn.startApi({}, { through }), posthorn.startWorker({}, { through })])
  const at = (await posthorn.receiver()).endpoint([500, 200])
  const shop = posthorn.tenant('pod')
  await shop.webhook({ url: at.url, retryPolicy: schedule(0.2) })
  const { id } = await shop.publish()
  const { attempts } = await shop.only(id, 'delivered')
  expect(attempts).toHaveLength(2)
})
