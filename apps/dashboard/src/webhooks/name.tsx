import { useQuery } from '@tanstack/react-query'
import type { Webhook } from 'posthorn'
import { webhookById } from '../api/webhooks.ts'

/** Its name, else where it goes, without what all of them have in common. */
export function nameOf({ name, url }: Pick<Webhook, 'name' | 'url'>): string {
  return name ?? url.replace(/^https?:\/\//, '')
}

/** A webhook by its id, as soon as its name is known; a deleted one keeps its id. */
export function WebhookName({ id }: { readonly id: string }) {
  const { data } = useQuery({ ...webhookById(id), staleTime: 60_000 })
  return <span title={data?.url ?? id}>{data ? nameOf(data) : id}</span>
}
