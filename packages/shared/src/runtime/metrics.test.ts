import { expect, test } from 'vitest'
import { scraped } from './exposition.ts'
import { redisAofEnabled, registry, startProcessMetrics } from './metrics.ts'

/** The lines of a metric that carry a value. */
async function samples(name: string): Promise<string[]> {
  const text = await registry.getSingleMetricAsString(name)
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}

test('before anything has happened counters and histograms of the process are 0 and global values are unknown', async () => {
  startProcessMetrics('worker')
  expect(await samples('posthorn_deliveries_total')).toEqual([
    'posthorn_deliveries_total{result="delivered"} 0',
    'posthorn_deliveries_total{result="dead"} 0',
    'posthorn_deliveries_total{result="cancelled"} 0',
  ])
  expect(await samples('posthorn_delivery_latency_seconds')).toEqual(
    expect.arrayContaining([
      'posthorn_delivery_latency_seconds_count{attempt="first"} 0',
      'posthorn_delivery_latency_seconds_count{attempt="retry"} 0',
    ]),
  )
  expect(await samples('posthorn_events_published_total')).toEqual([])
  expect(await samples('posthorn_redis_aof_enabled')).toEqual([])
  expect(await samples('posthorn_inflight_attempts')).toEqual(['posthorn_inflight_attempts 0'])

  redisAofEnabled.set(0)
  expect(await samples('posthorn_redis_aof_enabled')).toEqual(['posthorn_redis_aof_enabled 0'])
})

test('a scrape says whether the process is ready at that moment, and what it is', async () => {
  const readyLine = /^posthorn_ready.*$/m
  expect(readyLine.exec((await scraped('worker', false)).text)?.[0]).toBe(
    'posthorn_ready{process="worker"} 0',
  )
  expect(readyLine.exec((await scraped('worker', true)).text)?.[0]).toBe(
    'posthorn_ready{process="worker"} 1',
  )
})
