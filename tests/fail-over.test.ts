import { expect, onTestFinished, test } from 'vitest'
import { SentinelSet } from './faults/field/sentinel.ts'
import { historyOf } from './harness/history.ts'
import { Load } from './harness/load.ts'
import { privateRedis, startPosthorn } from './harness/posthorn.ts'
import { waitFor } from './harness/wait.ts'

const FLOWS_WITHIN_MS = 10_000
/** What a replica may lack when its primary is killed: replication is asynchronous. */
const REPLICA_LAGS_MS = 1_000

test('after a Sentinel fail-over under load events flow within 10 s, and only what the replica had not got is lost', {
  timeout: 120_000,
}, async () => {
  const redis = await privateRedis(['--repl-diskless-sync-delay', '0'])
  onTestFinished(() => redis.stop())
  const set = await SentinelSet.around(redis)
  onTestFinished(() => set.close())
  const posthorn = await startPosthorn({ redisUrl: set.url, workers: 2 })
  onTestFinished(() => posthorn.stop())
  const at = (await posthorn.receiver()).endpoint()
  const shop = posthorn.tenant('fail-over')
  await shop.webhook({ url: at.url })
  const load = new Load(shop, 'over', 4)
  // Most of what was taken is to be older than what a replica may lack.
  const begunMs = performance.now()
  await waitFor(() => performance.now() - begunMs > 4 * REPLICA_LAGS_MS, {
    what: 'the load to have gone on for a while',
  })
  await at.arrivals(100)

  const killedMs = performance.now()
  await set.losePrimary()
  const upMs = performance.now()
  const before = at.received.length
  const flows = () =>
    at.received.length > before &&
    load.answers.some(({ status, startedMs }) => status === 202 && startedMs > upMs)
  await waitFor(flows, {
    what: 'events to be taken and delivered',
    timeoutMs: FLOWS_WITHIN_MS,
    context: () => posthorn.tails(),
  })
  await load.stop()
  await load.repeat(shop)

  const { answers } = load
  const kept = answers.filter(({ startedMs, durationMs }) => {
    return startedMs + durationMs < killedMs - REPLICA_LAGS_MS || startedMs > killedMs
  })
  expect(kept.length).toBeGreaterThan(answers.length / 2)
  const ids = kept.map(({ id }) => id)
  expect(await historyOf(shop, ids, [at])).toMatchObject({ lost: [], dead: 0, open: 0 })
})
