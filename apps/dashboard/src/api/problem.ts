/** A problem that the API answered (RFC 9457), or that there was no answer. */
export class Problem extends Error {
  readonly status: number
  readonly title: string
  readonly code: string
  readonly errors: readonly { readonly path: string; readonly message: string }[]
  readonly requestId: string | undefined

  constructor(body: Partial<ProblemBody>, status: number) {
    super(body.detail ?? '')
    this.name = 'Problem'
    this.status = status
    this.title = body.title ?? `Posthorn answered ${status}`
    this.code = body.code ?? 'unknown'
    this.errors = body.errors ?? []
    this.requestId = body.requestId
  }
}

interface ProblemBody {
  title: string
  detail: string
  code: string
  errors: { path: string; message: string }[]
  requestId: string
}

const NO_ANSWER = {
  title: 'No answer from Posthorn',
  detail: 'The API could not be reached. It may be restarting, or the network is down.',
}

interface Answer<Data> {
  readonly data?: Data
  readonly error?: unknown
  readonly response: Response
}

/**
 * The data of an answer.
 * @throws Problem
 */
export async function answered<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  let answer: Answer<Data>
  try {
    answer = await call
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Problem(NO_ANSWER, 0)
  }
  const { response, error } = answer
  if (response.ok) return answer.data as Data
  throw new Problem(typeof error === 'object' && error !== null ? error : {}, response.status)
}
