import { useQuery } from '@tanstack/react-query'
import type { Delivery } from 'posthorn'
import { eventById } from '../api/events.ts'
import { Code } from '../ui/code.tsx'
import { bodyOf } from './body.ts'

/** The same for every attempt, so it is kept once: with the event. */
export function SentBody({ delivery }: { readonly delivery: Delivery }) {
  const { data, error } = useQuery({
    ...eventById(delivery.event, delivery.tenant),
    refetchInterval: false,
  })
  if (error) return <p className="text-muted">The body has gone with its event.</p>
  if (!data) return <p className="text-muted">Reading…</p>
  return <Code label="Body" text={bodyOf(data, data.dataText)} />
}
