import { randomUUID } from 'node:crypto'
import { publishBody } from './payload.ts'
import type { Target } from './target.ts'

export interface BatchLoad {
  readonly target: Target
  readonly type: string
  readonly bytes: number
  readonly events: number
}

const ENTRIES = 500
const BATCHES_AT_ONCE = 3
const AGAIN_AFTER_MS = 100

/** Publishes a number of events by batch, each at last, whatever is refused meanwhile. */
export async function batchLoad({ target, type, bytes, events }: BatchLoad): Promise<void> {
  const run = randomUUID()
  const body = publishBody(type, bytes)
  let next = 0
  const publishSome = async () => {
    while (next < events) {
      const from = next
      next = Math.min(events, next + ENTRIES)
      const entries = Array.from({ length: next - from }, (_, i) =>
        withId(body, `${run}-${from + i}`),
      )
      await publishAll(target, entries)
    }
  }
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, publishSome))
}

/** An id of our own makes a repeat safe. */
export const withId = (body: string, id: string): string => body.replace('{', `{"id":"${id}",`)

/** Repeats what a busy machine answers 503, until all is taken. */
export async function publishAll(target: Target, entries: readonly string[]): Promise<void> {
  for (let left = entries; left.length > 0; ) {
    const answer = await fetch(`http://127.0.0.1:${target.port}${target.path}/batch`, {
      method: 'POST',
      headers: { ...target.headers, 'content-type': 'application/x-ndjson' },
      body: left.join('\n'),
    })
    const text = await answer.text()
    if (answer.status === 202) {
      const { results } = JSON.parse(text) as { results: { problem?: { status: number } }[] }
      const refused = results.find(({ problem }) => problem && problem.status !== 503)
      if (refused) throw new Error(`${target.path}/batch: ${JSON.stringify(refused)}`)
      left = left.filter((_, i) => results[i]?.problem !== undefined)
    } else if (answer.status !== 503) {
      throw new Error(`${target.path}/batch: ${answer.status} ${text}`)
    }
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS))
  }
}
