import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { Queue } from 'bullmq'
import { type Arrival, arrivalOf } from '../scheme/arrival.ts'
import type { Scheme, SignatureFault } from '../scheme/scheme.ts'
import { type EnqueueOptions, enqueue, REMEMBER_MS } from './enqueue.ts'
import { kept, type Received } from './received.ts'

/**
 *     request ─▶ verify ─▶ queue ─▶ 202           (a repeat: 202 too, and nothing is queued)
 *                  │         └─ Redis has not answered ─▶ 503, the sender repeats
 *                  └─ not genuine ─▶ 401
 *
 * Nothing is ever answered 2xx before its job is on Redis, and nothing of the handler runs before the
 * answer.
 */
export interface ReceiverOptions {
  /** Your own queue. Fail fast: give its connection `enableOfflineQueue: false`. */
  readonly queue: Queue
  /** How the sender signs, e.g. `logto(process.env.SIGNING_KEY)`. */
  readonly scheme: Scheme
  /** Over the queue's own `defaultJobOptions`: attempts, backoff, priority … */
  readonly jobOptions?: EnqueueOptions['jobOptions']
  /** For how long a repeat is told. Default four days. */
  readonly rememberMs?: number | undefined
  /** How long Redis may take before the answer is 503. Default 2 s. */
  readonly timeoutMs?: number | undefined
  /** Larger bodies are answered 413. Default 1 MiB. */
  readonly maxBodyBytes?: number | undefined
  /** Told of each request when its answer is known: for logs and metrics. */
  readonly onAnswer?: ((outcome: Outcome) => void) | undefined
}

export type Outcome =
  | {
      readonly result: 'queued' | 'repeated'
      readonly id: string
      readonly type: string | undefined
    }
  | { readonly result: 'refused'; readonly fault: SignatureFault | 'not_utf8' | 'too_large' }
  | { readonly result: 'unavailable'; readonly id: string; readonly error: unknown }
  | { readonly result: 'replied' }

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Receives requests of one sender; the adapters bring it to an HTTP framework. */
export interface Receiver {
  readonly maxBodyBytes: number
  /** Never rejects because of the request or of Redis. `headers` have names in lower case. */
  receive(headers: Arrival['headers'], body: Uint8Array): Promise<Answer>
  /** The answer to a body of more than `maxBodyBytes`. */
  tooLarge(): Answer
}

const TIMEOUT_MS = 2_000
const MAX_BODY_BYTES = 1024 * 1024

export function createReceiver(options: ReceiverOptions): Receiver {
  const { queue, scheme, jobOptions, maxBodyBytes = MAX_BODY_BYTES } = options
  const { rememberMs = REMEMBER_MS, timeoutMs = TIMEOUT_MS } = options
  const tell = options.onAnswer ?? (() => undefined)
  const refuse = (status: number, fault: Extract<Outcome, { result: 'refused' }>['fault']) => {
    tell({ result: 'refused', fault })
    return answer(status, fault)
  }
  return {
    maxBodyBytes,
    tooLarge: () => refuse(413, 'too_large'),
    async receive(headers, body) {
      const arrival = arrivalOf(headers, body)
      const fault = await scheme.verify(arrival, Date.now())
      if (fault) return refuse(401, fault)
      const reply = scheme.reply?.(arrival)
      if (reply) {
        tell({ result: 'replied' })
        return answer(200, reply.body, { 'content-type': reply.contentType })
      }
      if (!isUtf8(arrival.body)) return refuse(400, 'not_utf8')
      const event = received(scheme, arrival)
      const { id, type } = event
      try {
        const isRepeat = await enqueue(event, { queue, jobOptions, rememberMs, timeoutMs })
        tell({ result: isRepeat ? 'repeated' : 'queued', id, type })
        return answer(202, '')
      } catch (error) {
        tell({ result: 'unavailable', id, error })
        return answer(503, 'unavailable', { 'retry-after': '5' })
      }
    },
  }
}

function received(scheme: Scheme, arrival: Arrival): Received {
  return {
    id: scheme.id(arrival) ?? createHash('sha256').update(arrival.body).digest('hex'),
    type: scheme.type(arrival),
    scheme: scheme.name,
    receivedAt: new Date().toISOString(),
    headers: kept(arrival.headers),
    body: arrival.body.toString('utf8'),
  }
}

function answer(status: number, body: string, headers: Record<string, string> = {}): Answer {
  const type = body === '' ? {} : { 'content-type': 'text/plain' }
  return { status, headers: { ...type, ...headers }, body }
}
