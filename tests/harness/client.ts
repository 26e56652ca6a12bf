import { Agent, type Dispatcher, request } from 'undici'
import type { Page, Problem } from './shapes.ts'

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export interface CallOptions {
  readonly query?: Query
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Buffer
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Another key than the client's; null sends none. */
  readonly key?: string | null
}

export interface Answer<T> {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly body: T
}

const CONNECTIONS = 32
const ANSWER_WITHIN_MS = 20_000

/** A thin typed client of one API process. It notes each secret and key that it is shown. */
export class Client {
  readonly url: string
  readonly key: string
  /** Secrets and keys seen in answers: none may stand in a log. */
  readonly secrets: Set<string>
  readonly #agent: Dispatcher = new Agent({
    connections: CONNECTIONS,
    headersTimeout: ANSWER_WITHIN_MS,
    bodyTimeout: ANSWER_WITHIN_MS,
  })

  constructor(url: string, key: string, secrets = new Set<string>()) {
    this.url = url
    this.key = key
    this.secrets = secrets
  }

  /** The answer, whatever it is. */
  async call<T = unknown>(
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<Answer<T>> {
    const answer = await request(this.url + path + queryText(options.query), {
      method: method as Dispatcher.HttpMethod,
      headers: this.#headersOf(options),
      body: payloadOf(options) ?? null,
      dispatcher: this.#agent,
    })
    const text = await answer.body.text()
    this.#note(text)
    const status = answer.statusCode
    return { status, headers: answer.headers, text, body: parsed(text) as T }
  }

  /** The body of an answer that must have this status. */
  async need<T>(
    status: number,
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<T> {
    const answer = await this.call<T>(method, path, options)
    if (answer.status !== status) {
      const said = answer.text.slice(0, 1_000)
      throw new Error(`${method} ${path}: ${answer.status} instead of ${status}: ${said}`)
    }
    return answer.body
  }

  async get<T>(path: string, query: Query = {}): Promise<T> {
    return await this.need<T>(200, 'GET', path, { query })
  }

  async post<T>(status: number, path: string, body?: unknown, query?: Query): Promise<T> {
    return await this.need<T>(status, 'POST', path, { body, ...(query && { query }) })
  }

  /** Every entry of a list, following its cursors. */
  async all<T>(path: string, query: Query = {}): Promise<T[]> {
    const entries: T[] = []
    let cursor: string | null = null
    do {
      const page: Page<T> = await this.get(path, {
        limit: 250,
        ...query,
        ...(cursor !== null && { cursor }),
      })
      entries.push(...page.data)
      cursor = page.next
    } while (cursor !== null)
    return entries
  }

  #headersOf(options: CallOptions): Record<string, string> {
    const key = options.key === undefined ? this.key : options.key
    return {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...((options.body !== undefined || options.raw !== undefined) && {
        'content-type': options.contentType ?? 'application/json',
      }),
      ...options.headers,
    }
  }

  #note(text: string): void {
    for (const [found] of text.matchAll(/whsec_[A-Za-z0-9+/=]+/g)) this.secrets.add(found)
    const shownKey = /"key":"([^"]{20,})"/.exec(text)?.[1]
    if (shownKey !== undefined) this.secrets.add(shownKey)
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
  }
}

/** What is wrong with an answer that should be this problem; empty when it is right. */
export function faultsOfProblem(answer: Answer<unknown>, status: number): string[] {
  const problem = (answer.body ?? {}) as Partial<Problem>
  const faults: string[] = []
  if (answer.status !== status) faults.push(`status ${answer.status} instead of ${status}`)
  const type = String(answer.headers['content-type'] ?? 'none')
  if (!type.startsWith('application/problem+json')) faults.push(`content-type ${type}`)
  if (problem.status !== answer.status) faults.push(`status in the body: ${problem.status}`)
  for (const name of ['type', 'title', 'detail', 'code', 'requestId'] as const) {
    const value = problem[name]
    if (typeof value !== 'string' || value === '') faults.push(`${name}: ${JSON.stringify(value)}`)
  }
  if (faults.length > 0) faults.push(answer.text.slice(0, 400))
  return faults
}

function payloadOf(options: CallOptions): string | Buffer | undefined {
  if (options.raw !== undefined) return options.raw
  return options.body === undefined ? undefined : JSON.stringify(options.body)
}

function queryText(query: Query | undefined): string {
  const pairs = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) pairs.append(name, String(value))
  }
  return pairs.size === 0 ? '' : `?${pairs}`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
