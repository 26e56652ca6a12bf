/** An entry of `finishedKey`: when the event had nothing open or dead any more, and which it is. */
export interface FinishedEvent {
  readonly finishedMs: number
  readonly tenant: string
  readonly eventId: string
}

/** `<ms since the epoch, base 36> <tenant>/<event>` */
export const encodeFinished = ({ finishedMs, tenant, eventId }: FinishedEvent): string =>
  `${finishedMs.toString(36)} ${tenant}/${eventId}`

export function decodeFinished(entry: string): FinishedEvent {
  const space = entry.indexOf(' ')
  const slash = entry.indexOf('/')
  return {
    finishedMs: Number.parseInt(entry.slice(0, space), 36),
    tenant: entry.slice(space + 1, slash),
    eventId: entry.slice(slash + 1),
  }
}
