import type { NewEvent } from '@posthorn/shared/event/accept.ts'
import type { Published } from '@posthorn/shared/event/schema.ts'
import type { Span, Tracing } from '@posthorn/shared/trace/tracing.ts'
import { asProblem } from '../http/respond.ts'

export interface Publishing {
  readonly acceptor: { publish(event: NewEvent): Promise<Published> }
  readonly tracing?: Tracing | undefined
}

/** Publishes an event; within a request that is traced, the event carries that trace on. */
export async function publishWithin(
  { acceptor, tracing }: Publishing,
  request: Span | undefined,
  event: NewEvent,
): Promise<Published> {
  if (!tracing || !request) return acceptor.publish(event)
  const span = tracing.begin({
    name: 'publish',
    kind: 'producer',
    parent: request.traceparent,
    attributes: { 'posthorn.tenant': event.tenant, 'posthorn.event.type': event.type },
  })
  try {
    const published = await acceptor.publish({ ...event, trace: span.traceparent })
    const { id, duplicate } = published
    span.end({ attributes: { 'posthorn.event.id': id, 'posthorn.duplicate': duplicate } })
    return published
  } catch (error) {
    span.end({
      attributes: { 'posthorn.event.id': event.id },
      error: asProblem(error).code,
    })
    throw error
  }
}
