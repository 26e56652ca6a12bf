import type { Posthorn } from '../posthorn/system.ts'
import type { Ground } from './ground.ts'
import { timingHolds } from './judge.ts'
import type { RetryTiming } from './result.ts'
import { reaches } from './seed.ts'
import { failing } from './waiting.ts'

const DELAY_SECONDS = 2
const RETRIES_PER_SECOND = 200
const LEAST_RETRIES = 100
const TYPE = 'bench.f1-timed'

/** How punctual retries are while many others wait: each delivery fails once, and is timed by who failed it. */
export async function measureRetryTiming(
  { harness, options }: Ground,
  system: Posthorn,
  delayed: number,
): Promise<RetryTiming> {
  const port = await harness.receiver.call('listenRetryTiming', null)
  const policy = { type: 'schedule', delaysSeconds: [DELAY_SECONDS] }
  const type = `${TYPE}-${delayed}`
  const webhook = await system.client.createWebhook(failing(port, policy, type))
  const forMs = Math.max(options.measuredMs * 2, (LEAST_RETRIES / RETRIES_PER_SECOND) * 1_000)
  const { accepted } = await harness.load.call('spread', {
    ...{ target: system.target, types: [type], bytes: options.bytes },
    ...{ eventsPerSecond: RETRIES_PER_SECOND, forMs },
  })
  const retries = accepted[0] ?? 0
  await reaches('what came again', retries, () => harness.receiver.call('cameAgain', null))
  const again = await harness.receiver.call('takeRetryTimes', null)
  await system.client.call(200, 'POST', `/v1/webhooks/${webhook}/disable`, {})
  const lateMs = (ms: number) => ms - DELAY_SECONDS * 1_000
  const late = { p50: lateMs(again.p50), p99: lateMs(again.p99), max: lateMs(again.max) }
  const earliestMs = lateMs(again.min)
  options.progress(`retries with ${delayed} delayed: p99 ${late.p99.toFixed(1)} ms late`)
  return { delayed, retries, late, earliestMs, holds: timingHolds(late.p99, earliestMs) }
}
