import type { ProblemBody } from '../api/schema.ts'
import { type PosthornError, PosthornProblem } from '../request/problem.ts'
import { type Entry, isDuplicate } from './entry.ts'

/** What became of one entry. `error` is what a `publish` of it would have thrown. */
export type BatchResult =
  | { readonly ok: true; readonly id: string; readonly duplicate: boolean }
  | { readonly ok: false; readonly id: string; readonly error: PosthornError }

type Answered = { id: string; duplicate: boolean } | { problem: ProblemBody }

/** The results of an answered batch; undefined for an answer that does not fit what was sent. */
export function resultsOf(
  body: unknown,
  entries: readonly Entry[],
  tries: number,
): BatchResult[] | undefined {
  const results = (body as { results?: Answered[] } | undefined)?.results
  if (!Array.isArray(results) || results.length !== entries.length) return undefined
  return results.map((result, i) => resultOf(result, entries[i] as Entry, tries))
}

function resultOf(result: Answered, entry: Entry, tries: number): BatchResult {
  const { id } = entry
  if ('problem' in result) {
    return { ok: false, id, error: new PosthornProblem(result.problem, { tries, eventId: id }) }
  }
  return { ok: true, id, duplicate: isDuplicate(result.duplicate, entry) }
}
