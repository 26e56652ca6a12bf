import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { waitFor } from './wait.ts'

/** A span as it came: ids in hex, times in ms. */
export interface CollectedSpan {
  readonly service: string
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly startMs: number
  readonly endMs: number
  readonly failed: boolean
  readonly attributes: Readonly<Record<string, unknown>>
}

// Of OTLP/JSON (opentelemetry-proto, trace/v1) what is looked at here.
interface Value {
  readonly stringValue?: string
  readonly intValue?: string | number
  readonly boolValue?: boolean
}
interface Attribute {
  readonly key: string
  readonly value: Value
}
interface OtlpSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly status?: { readonly code?: number }
  readonly attributes: readonly Attribute[]
}
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[]
  }[]
}

const ERROR = 2

/** A collector on loopback that takes OTLP over HTTP, as JSON. */
export class Collector {
  readonly spans: CollectedSpan[] = []
  /** Content types of all requests. */
  readonly types = new Set<string>()
  /** Bodies of all requests, as they came. */
  readonly bodies: string[] = []
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<Collector> {
    const server = createServer(async (request, response) => {
      collector.types.add(String(request.headers['content-type']))
      const body = await textOf(request)
      collector.bodies.push(body)
      if (request.url === '/v1/traces' && body.startsWith('{')) {
        collector.spans.push(...spansOf(JSON.parse(body) as Export))
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
    const collector = new Collector(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return collector
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Waits until so many spans of a trace have come. */
  async trace(traceId: string, count: number): Promise<CollectedSpan[]> {
    const found = () => this.spans.filter((span) => span.traceId === traceId)
    await waitFor(() => found().length >= count, {
      what: `${count} spans of the trace ${traceId}`,
      context: () => JSON.stringify(this.spans.map(({ name, traceId: id }) => `${name} ${id}`)),
    })
    return found()
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function spansOf({ resourceSpans }: Export): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name'])
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => collected(service, span)))
  })
}

function collected(service: string, span: OtlpSpan): CollectedSpan {
  const { name, traceId, spanId, parentSpanId = '' } = span
  return {
    service,
    name,
    traceId,
    spanId,
    parentSpanId,
    startMs: Number(BigInt(span.startTimeUnixNano) / 1_000_000n),
    endMs: Number(BigInt(span.endTimeUnixNano) / 1_000_000n),
    failed: span.status?.code === ERROR,
    attributes: valuesOf(span.attributes),
  }
}

const valuesOf = (attributes: readonly Attribute[]): Record<string, unknown> =>
  Object.fromEntries(
    attributes.map(({ key, value: { stringValue, intValue, boolValue } }) => [
      key,
      stringValue ?? boolValue ?? Number(intValue),
    ]),
  )
