/** Posthorn's API as an operator's script would use it. */
export class Client {
  readonly #origin: string
  readonly #authorization: string

  constructor(origin: string, authorization: string) {
    this.#origin = origin
    this.#authorization = authorization
  }

  /** @throws Error with the answer when its status is another */
  async call<T>(status: number, method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.#origin}${path}`, {
      method,
      headers: { authorization: this.#authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (response.status !== status) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return JSON.parse(text) as T
  }

  async createWebhook(input: Readonly<Record<string, unknown>>): Promise<string> {
    const { id } = await this.call<{ id: string }>(201, 'POST', '/v1/webhooks', input)
    return id
  }
}
