import type { EventView } from 'posthorn'

/** What every attempt of an event sends, byte for byte: the payload as the producer wrote it. */
export function bodyOf(event: Pick<EventView, 'type' | 'timestamp'>, dataText: string): string {
  const { type, timestamp } = event
  return `{"type":${JSON.stringify(type)},"timestamp":${JSON.stringify(timestamp)},"data":${dataText}}`
}
