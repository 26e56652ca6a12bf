import { createHmac, createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { Agent, type Dispatcher } from 'undici'
import { publishBody, TIME_MARK, timeText } from '../load/payload.ts'
import { type EventKind, typeOf } from '../load/target.ts'
import { machineMs } from '../process/clock.ts'
import { serve } from '../process/rpc.ts'

// The floor: sign and POST, as fast as one process can, with nothing kept anywhere.

export interface FloorLoad {
  readonly kind: EventKind
  readonly receiverPorts: readonly number[]
  readonly forMs: number
}

const IN_FLIGHT = 128
const key = createSecretKey(randomBytes(24))
const agent = new Agent({ allowH2: false, connections: IN_FLIGHT })

function headersOf(id: string, body: Buffer): string[] {
  const timestamp = Math.floor(Date.now() / 1_000)
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body)
  return [
    ...['content-type', 'application/json', 'webhook-id', id],
    ...['webhook-timestamp', String(timestamp)],
    ...['webhook-signature', `v1,${signature.digest('base64')}`],
  ]
}

function bodyOf(kind: EventKind): () => Buffer {
  const template = Buffer.from(publishBody(typeOf(kind), kind.bytes))
  const at = template.indexOf(TIME_MARK) + TIME_MARK.length
  return () => {
    const body = Buffer.from(template)
    body.write(timeText(machineMs()), at, 'latin1')
    return body
  }
}

/** Ends of a request, told once each. */
const onEnd = (done: () => void): Dispatcher.DispatchHandler => ({
  onRequestStart() {},
  onResponseStart() {},
  onResponseData() {},
  onResponseEnd: done,
  onResponseError: (_controller, error) => {
    throw error
  },
})

function run({ kind, receiverPorts, forMs }: FloorLoad): Promise<{ sent: number; tookMs: number }> {
  const makeBody = bodyOf(kind)
  const origins = receiverPorts.map((port) => `http://127.0.0.1:${port}`)
  const startMs = machineMs()
  let [sent, inFlight, body, id] = [0, 0, makeBody(), randomUUID()]
  return new Promise((resolve) => {
    const fill = () => {
      const ended = machineMs() - startMs >= forMs && sent % kind.fanOut === 0
      if (ended && inFlight === 0) resolve({ sent, tookMs: machineMs() - startMs })
      while (!ended && inFlight < IN_FLIGHT) sendNext()
    }
    const sendNext = () => {
      const nth = sent++ % kind.fanOut
      if (nth === 0) [body, id] = [makeBody(), randomUUID()]
      inFlight++
      const headers = headersOf(id, body)
      const origin = origins[nth] as string
      agent.dispatch(
        { origin, path: '/webhooks', method: 'POST', headers, body },
        onEnd(() => {
          inFlight--
          fill()
        }),
      )
    }
    fill()
  })
}

const methods = { run }
export type FloorMethods = typeof methods

serve(methods)
