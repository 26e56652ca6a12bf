import type { IncomingMessage } from 'node:http'
import { get } from 'node:http'

export interface StreamEvent {
  readonly atMs: number
  readonly name: string
  readonly data: Readonly<Record<string, unknown>>
}

/** A listener of `GET /v1/stream`. */
export class LiveStream {
  readonly events: StreamEvent[] = []
  readonly contentType: string
  /** When the API ended it, by this machine's clock. */
  endedMs: number | undefined
  readonly #response: IncomingMessage

  private constructor(response: IncomingMessage) {
    this.#response = response
    this.contentType = String(response.headers['content-type'])
    let text = ''
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      this.events.push(...blocks.flatMap(eventsOf))
    })
    response.on('end', () => {
      this.endedMs = performance.now()
    })
    response.on('error', () => {})
  }

  static async open(origin: string, key: string, query = ''): Promise<LiveStream> {
    return await LiveStream.openWith(origin, { authorization: `Bearer ${key}` }, query)
  }

  static async openWith(
    origin: string,
    who: Readonly<Record<string, string>>,
    query = '',
  ): Promise<LiveStream> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const headers = { ...who, accept: 'text/event-stream' }
    get(`${origin}/v1/stream${query}`, { headers, agent: false }, resolve).on('error', reject)
    const response = await promise
    if (response.statusCode !== 200) throw new Error(`/v1/stream: ${response.statusCode}`)
    return new LiveStream(response)
  }

  close(): void {
    this.#response.destroy()
  }
}

function eventsOf(block: string): StreamEvent[] {
  const lines = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line))
  const field = (name: string): string[] =>
    lines.flatMap((line) => (line?.[1] === name ? [line[2] ?? ''] : []))
  const data = field('data').join('\n')
  if (data === '') return []
  return [{ atMs: performance.now(), name: field('event')[0] ?? 'message', data: JSON.parse(data) }]
}
