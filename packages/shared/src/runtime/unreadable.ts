import { unreadableRecords } from './metrics.ts'

/** What can be found in Redis in a shape that nobody of ours writes. */
export type Unreadable = 'event' | 'webhook' | 'log' | 'note'

/** Is told of each one that is passed over, so that it stops nothing else. */
export type OnUnreadable = (what: Unreadable, about: object, error: unknown) => void

export const countUnreadable =
  (log: { error(fields: object, message: string): void }): OnUnreadable =>
  (what, about, error) => {
    unreadableRecords.inc({ record: what })
    log.error({ record: what, ...about, err: error }, 'what Redis holds cannot be read')
  }
