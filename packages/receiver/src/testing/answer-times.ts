import { createHmac, randomUUID } from 'node:crypto'
import { Queue } from 'bullmq'
import { createReceiver } from '../receive/receiver.ts'
import { logto } from '../scheme/logto.ts'
import { createWorker } from '../work/worker.ts'
import { FRAMEWORKS, type Served, serve } from './frameworks.ts'

// How long a receiver takes to answer while its handler is slow, beside one whose handler is quick and a
// server that does nothing: in turn, so that whatever else the machine does falls on all. Sender, receiver
// and worker share one process and its event loop, which is the worst place for an answer.

/** ms from sending a request to its answer. */
export interface AnswerTimes {
  /** While no handler ends. */
  readonly slow: number[]
  /** While each handler ends at once. */
  readonly quick: number[]
  /** Of a server that answers 202 and does nothing: what the machine and the sender take. */
  readonly nothing: number[]
}

const SECRET = 'a signing key'
/** Of the worker: so many of the slow handler are under way all the time. */
const CONCURRENCY = 10
const WARM_UP = 20

/** @throws Error when an answer is not 202, or when a slow handler ended before the last one */
export async function measureAnswers(
  framework: string,
  { redisUrl, requests }: { readonly redisUrl: string; readonly requests: number },
): Promise<AnswerTimes> {
  const end = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  let ended = 0
  const slow = await ready(framework, redisUrl, async () => {
    begun.resolve()
    await end.promise
    ended++
  })
  const quick = await ready(framework, redisUrl, async () => undefined)
  const nothing = await serve((request, response) => {
    request.resume()
    response.writeHead(202).end()
  })
  const times: AnswerTimes = { slow: [], quick: [], nothing: [] }
  try {
    const all = { slow, quick, nothing }
    for (let i = 0; i < WARM_UP; i++) await Promise.all(Object.values(all).map(post))
    await begun.promise
    for (let i = 0; i < requests; i++) {
      for (const name of ['slow', 'quick', 'nothing'] as const) {
        times[name].push(await post(all[name]))
      }
    }
    if (ended > 0) throw new Error('A handler ended before the last answer')
    return times
  } finally {
    end.resolve()
    await Promise.all([slow.close(), quick.close(), nothing.close()])
  }
}

/** A receiver behind a framework, with a worker in the same process. */
async function ready(
  framework: string,
  redisUrl: string,
  handler: () => Promise<void>,
): Promise<Served> {
  const start = FRAMEWORKS[framework]
  if (!start) throw new Error(`No framework is called ${framework}`)
  const connection = { url: redisUrl }
  const queue = new Queue(`answers-${randomUUID()}`, { connection })
  const served = await start(createReceiver({ queue, scheme: logto(SECRET) }))
  const worker = createWorker(queue.name, handler, { connection, concurrency: CONCURRENCY })
  worker.on('error', () => undefined)
  await worker.waitUntilReady()
  return {
    url: served.url,
    async close() {
      await worker.close()
      await served.close()
      await queue.obliterate({ force: true })
      await queue.close()
    },
  }
}

/** Sends an event of its own; ms until it is answered 202. */
async function post({ url }: Served): Promise<number> {
  const body = `{"event":"PostSignIn","createdAt":"${randomUUID()}"}`
  const signature = createHmac('sha256', SECRET).update(body).digest('hex')
  const headers = { 'content-type': 'application/json', 'logto-signature-sha-256': signature }
  const from = performance.now()
  const answer = await fetch(url, { method: 'POST', headers, body })
  await answer.arrayBuffer()
  const tookMs = performance.now() - from
  if (answer.status !== 202) throw new Error(`It was answered ${answer.status}`)
  return tookMs
}
