import type { LiveAttempt } from 'posthorn'

interface LiveFilter {
  readonly show?: string
  /** A part of the type is enough. */
  readonly type?: string
  readonly webhook?: string
}

export function matching({ show, type, webhook }: LiveFilter) {
  return (attempt: Pick<LiveAttempt, 'outcome' | 'type' | 'webhook'>): boolean =>
    (show !== 'failed' || attempt.outcome !== 'success') &&
    (show !== 'succeeded' || attempt.outcome === 'success') &&
    (type === undefined || attempt.type.includes(type)) &&
    (webhook === undefined || attempt.webhook === webhook)
}
