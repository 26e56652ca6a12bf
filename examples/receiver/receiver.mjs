import { Queue } from 'bullmq'
import { createReceiver, logto } from 'posthorn-receiver'

// Your own queue. While Redis is away an event is to be refused at once: its sender repeats it.
const connection = { url: process.env.REDIS_URL ?? '', enableOfflineQueue: false }
export const queue = new Queue(process.env.QUEUE ?? 'webhooks', { connection })
queue.on('error', (error) => console.error('queue:', error.message))

export const receiver = createReceiver({
  queue,
  // Several while one is rotated: logto([newKey, oldKey]).
  scheme: logto(process.env.SIGNING_KEY ?? ''),
  onAnswer: ({ result }) => console.log(result),
})
