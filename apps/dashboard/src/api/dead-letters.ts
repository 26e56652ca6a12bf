import type { DeadLetter, DeadLetterCommand } from 'posthorn'
import { api } from './client.ts'
import { pages } from './pages.ts'
import { answered } from './problem.ts'

export interface DeadLetterFilter {
  readonly tenant?: string
  readonly webhook?: string
  readonly type?: string
  readonly reason?: DeadLetter['reason']
  readonly since?: string
  readonly until?: string
}

export type DeadLetterAction = 'redrive' | 'purge'
export const deadLettersKey = ['dead-letters'] as const

export function deadLetterList(filter: DeadLetterFilter) {
  return pages([...deadLettersKey, 'list', filter], (page, signal) =>
    answered(api.GET('/v1/dead-letters', { params: { query: { ...filter, ...page } }, signal })),
  )
}

/** A dry run answers `{count}`, anything else a task. */
export function commandDeadLetters(
  action: DeadLetterAction,
  body: DeadLetterCommand & { dryRun?: boolean },
) {
  return action === 'redrive'
    ? answered(api.POST('/v1/dead-letters/redrive', { body }))
    : answered(api.POST('/v1/dead-letters/purge', { body }))
}
