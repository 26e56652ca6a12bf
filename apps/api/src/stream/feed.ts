import type { ServerResponse } from 'node:http'
import { deliveryId } from '@posthorn/shared/delivery/id.ts'
import type { LogEntry, Transition } from '@posthorn/shared/history/log.ts'
import { rfc3339 } from '@posthorn/shared/history/views.ts'

/** A reader that is slower than this many bytes behind misses attempts, and is told how many. */
const MAX_BUFFERED_BYTES = 1024 * 1024
const HEARTBEAT_MS = 15_000
const LAST_WORDS_MS = 1_000

/** One reader of the live stream, as server-sent events (WHATWG HTML, section 9.2). */
export class StreamFeed {
  readonly #response: ServerResponse
  readonly #tenant: string | undefined
  readonly #heartbeat: NodeJS.Timeout
  #missed = 0

  constructor(response: ServerResponse, tenant: string | undefined) {
    this.#response = response
    this.#tenant = tenant
    this.#heartbeat = setInterval(() => this.#write(': still here\n\n'), HEARTBEAT_MS)
    this.#write(': attempts as they end\n\n')
  }

  tell(entry: LogEntry): void {
    if (this.#tenant !== undefined && entry.tenant !== this.#tenant) return
    const text = attemptEvents(entry)
    if (text === '') return
    if (this.#response.writableLength > MAX_BUFFERED_BYTES) {
      this.#missed++
      return
    }
    if (this.#missed > 0) {
      this.#write(`event: missed\ndata: {"entries":${this.#missed}}\n\n`)
      this.#missed = 0
    }
    this.#write(text)
  }

  end(): void {
    clearInterval(this.#heartbeat)
    this.#response.end()
    // One that reads no more must not hold up the end of the process.
    setTimeout(() => this.#response.destroy(), LAST_WORDS_MS).unref()
  }

  #write(text: string): void {
    if (!this.#response.writableEnded) this.#response.write(text)
  }
}

/** Written once for all readers of an entry. */
const texts = new WeakMap<LogEntry, string>()

function attemptEvents(entry: LogEntry): string {
  if (entry.kind === 'fan-out') return ''
  const known = texts.get(entry)
  if (known !== undefined) return known
  const text = entry.transitions.map(attemptEvent(entry)).join('')
  texts.set(entry, text)
  return text
}

const attemptEvent =
  ({ tenant, eventId, type }: LogEntry) =>
  ({ webhookId, attempt }: Transition): string => {
    if (!attempt) return ''
    const data = {
      delivery: deliveryId({ tenant, eventId, webhookId }),
      event: eventId,
      webhook: webhookId,
      tenant,
      type,
      number: attempt.number,
      outcome: attempt.outcome,
      statusCode: attempt.statusCode ?? null,
      durationMs: attempt.durationMs,
      at: rfc3339(attempt.endedMs),
    }
    return `event: attempt\ndata: ${JSON.stringify(data)}\n\n`
  }
