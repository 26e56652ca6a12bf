// A receiver in a process of its own. With KILL=1 it is killed between its event's job and its answer.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Queue } from 'bullmq'
import { nodeHandler } from '../adapter/node.ts'
import { createReceiver } from '../receive/receiver.ts'
import { logto } from '../scheme/logto.ts'

const { REDIS_URL = '', QUEUE = '', SECRET = '', KILL } = process.env
const queue = new Queue(QUEUE, { connection: { url: REDIS_URL } })
if (KILL) {
  const add = queue.add.bind(queue)
  queue.add = async (...args) => {
    await add(...args)
    process.kill(process.pid, 'SIGKILL')
    return await new Promise(() => undefined)
  }
}
const server = createServer(nodeHandler(createReceiver({ queue, scheme: logto(SECRET) })))
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
