import { truncateSync } from 'node:fs'
import { onTestFinished, test } from 'vitest'
import { endOfAof } from './harness/append-only-file.ts'
import { privateRedis, startPosthorn } from './harness/posthorn.ts'
import { gate, waitFor } from './harness/wait.ts'

test('an outcome that Redis forgot at a power failure is made again, though its job ended after it', async () => {
  const redis = await privateRedis([
    '--appendfsync',
    'always',
    '--auto-aof-rewrite-percentage',
    '0',
  ])
  onTestFinished(() => redis.stop())
  const posthorn = await startPosthorn({ redisUrl: redis.url })
  onTestFinished(() => posthorn.stop())
  const receiver = await posthorn.receiver()
  const shop = posthorn.tenant('forgotten')
  const gates = { early: gate(), late: gate() }
  const early = receiver.endpoint(() => ({ status: 200, after: gates.early.opened }))
  const late = receiver.endpoint(() => ({ status: 200, after: gates.late.opened }))
  await shop.webhook({ url: early.url })
  await shop.webhook({ url: late.url })

  const { id } = await shop.publish()
  await early.arrivals(1)
  await late.arrivals(1)
  const { file, bytes } = endOfAof(redis.dir)
  const delivered = async () => {
    const { deliveries } = await shop.event(id)
    return deliveries.filter(({ status }) => status === 'delivered').length
  }
  gates.early.open()
  await waitFor(async () => (await delivered()) === 1, { what: 'the first outcome', everyMs: 10 })

  await redis.kill('SIGKILL')
  truncateSync(file, bytes)
  await redis.restart()
  gates.late.open()

  await waitFor(async () => (await delivered()) === 2, {
    what: 'both deliveries to be delivered again',
    timeoutMs: 30_000,
    context: () => posthorn.tails(),
  })
})
