import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Arrival } from './receiver.ts'

/** How a receiver answers one request. */
export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** The answer waits for this. */
  readonly after?: Promise<void>
  readonly delayMs?: number
  /** `headers`: nothing is ever answered. `body`: headers and one byte come, then nothing. */
  readonly hang?: 'headers' | 'body'
  /** After the headers one byte comes in each interval, for ever. */
  readonly dripEveryMs?: number
  /** The body is this many bytes, written as fast as they are taken. */
  readonly bodyBytes?: number
  /** The connection is reset instead of an answer, or after the headers. */
  readonly reset?: 'before' | 'after-headers'
}

type Step = number | Reply

/**
 * One reply for all, one for each attempt at an event (the last one repeats), or a function of the
 * arrival and how many have arrived for this event (1 = this is the first).
 */
export type Script = Step | readonly Step[] | ((arrival: Arrival, nth: number) => Step)

export function stepOf(script: Script, arrival: Arrival, nth: number): Reply {
  const step = chosen(script, arrival, nth)
  return typeof step === 'number' ? { status: step } : step
}

function chosen(script: Script, arrival: Arrival, nth: number): Step {
  if (typeof script === 'function') return script(arrival, nth)
  if (typeof script === 'object' && isList(script)) {
    return script[Math.min(nth, script.length) - 1] ?? 200
  }
  return script
}

function isList(script: Reply | readonly Step[]): script is readonly Step[] {
  return Array.isArray(script)
}

/** Plays the reply; returns when nothing more will be written. */
export async function reply(how: Reply, arrival: Arrival, response: ServerResponse): Promise<void> {
  await how.after
  if (how.delayMs !== undefined) await pause(how.delayMs)
  if (how.hang === 'headers') return
  if (how.reset === 'before') {
    response.socket?.resetAndDestroy()
    return
  }
  const status = how.status ?? 200
  const unended = how.hang ?? how.dripEveryMs ?? how.bodyBytes ?? how.reset
  response.writeHead(status, how.headers)
  if (unended === undefined) {
    response.end(how.body ?? '', () => {
      arrival.status = status
    })
    return
  }
  response.flushHeaders()
  arrival.status = status
  await writeOn(how, arrival, response)
}

async function writeOn(how: Reply, arrival: Arrival, response: ServerResponse): Promise<void> {
  if (how.reset === 'after-headers') {
    // A reset at once may overtake the headers: the peer's kernel then drops what it has not read.
    await pause(50)
    response.socket?.resetAndDestroy()
    return
  }
  if (how.hang === 'body') {
    response.write('{')
    return
  }
  if (how.dripEveryMs !== undefined) {
    while (!response.closed) {
      response.write('.')
      arrival.bodyBytes += 1
      await pause(how.dripEveryMs)
    }
    return
  }
  await pour(how.bodyBytes ?? 0, arrival, response)
}

const CHUNK = Buffer.alloc(64 * 1024, 'x')

async function pour(bytes: number, arrival: Arrival, response: ServerResponse): Promise<void> {
  const closed = once(response, 'close')
  while (arrival.bodyBytes < bytes && !response.closed) {
    arrival.bodyBytes += CHUNK.length
    if (response.write(CHUNK)) continue
    await Promise.race([once(response, 'drain'), closed])
  }
  response.end()
}
