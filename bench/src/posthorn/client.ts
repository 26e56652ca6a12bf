/** An answer with another status than was wanted. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Posthorn's API as an operator's script would use it. */
export class Client {
  readonly #origin: string
  readonly #authorization: string

  constructor(origin: string, authorization: string) {
    this.#origin = origin
    this.#authorization = authorization
  }

  /** @throws AnswerError */
  async call<T>(status: number, method: string, path: string, body?: unknown): Promise<T> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    return JSON.parse(await this.#send(status, method, path, text)) as T
  }

  async createWebhook(input: Readonly<Record<string, unknown>>): Promise<string> {
    const { id } = await this.call<{ id: string }>(201, 'POST', '/v1/webhooks', input)
    return id
  }
  /** @returns how many of a JSON array of events were taken */
  async publishBatch(events: string): Promise<number> {
    const answer = await this.#send(202, 'POST', '/v1/events/batch', events)
    const { results } = JSON.parse(answer) as { results: readonly object[] }
    return results.filter((result) => !('problem' in result)).length
  }

  async #send(status: number, method: string, path: string, body?: string): Promise<string> {
    const response = await fetch(`${this.#origin}${path}`, {
      method,
      headers: { authorization: this.#authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    })
    const text = await response.text()
    if (response.status !== status) {
      throw new AnswerError(response.status, `${method} ${path}: ${response.status} ${text}`)
    }
    return text
  }
}
