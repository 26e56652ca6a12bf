import { createServer } from 'node:http'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import {
  attemptsKey,
  connection,
  type DeliveryJob,
  type EventJob,
  type Webhook,
  webhooksKey,
} from '../queues.ts'
import { send } from './send.ts'

const CONCURRENCY = 50
const RETRIES = { attempts: 12, backoff: { type: 'exponential', delay: 5_000 } }

const redis = new Redis(connection.url)
const deliveries = new Queue<DeliveryJob>('deliveries', { connection })

const eventWorker = new Worker<EventJob>(
  'events',
  async (job) => {
    const { id, type, data } = job.data
    const webhooks: Webhook[] = (await redis.lrange(webhooksKey(type), 0, -1)).map((one) =>
      JSON.parse(one),
    )
    const body = JSON.stringify({ type, timestamp: new Date(job.timestamp).toISOString(), data })
    await deliveries.addBulk(
      webhooks.map((webhook) => ({
        name: 'delivery',
        data: { eventId: id, webhook, body },
        opts: RETRIES,
      })),
    )
  },
  { connection, concurrency: CONCURRENCY },
)

const deliveryWorker = new Worker<DeliveryJob>(
  'deliveries',
  async (job) => {
    const startedAt = Date.now()
    const status = await send(job.data).catch((error: Error) => error.message)
    const attempt = { webhook: job.data.webhook.id, status, startedAt, endedAt: Date.now() }
    await redis.rpush(attemptsKey(job.data.eventId), JSON.stringify(attempt))
    if (typeof status !== 'number' || status < 200 || status > 299) throw new Error(`${status}`)
  },
  { connection, concurrency: CONCURRENCY },
)

await Promise.all([eventWorker.waitUntilReady(), deliveryWorker.waitUntilReady()])
createServer((_request, response) => response.end('ok')).listen(
  Number(process.env.PORT),
  '127.0.0.1',
)
