import type { Principal } from '@posthorn/shared/access/principal.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import type { WebhookStore } from '@posthorn/shared/webhook/store.ts'

/** Each event is matched against all of its tenant's webhooks, and may be sent to each of them. */
const MOST = 100

/**
 * Throws 409 `too_many_webhooks` when a portal's visitor would make more than `MOST` of its tenant. An
 * operator may. Several at once may come to a few more: it guards from a flood, and is no quota.
 */
export async function requireRoom(
  store: Pick<WebhookStore, 'list'>,
  { role }: Pick<Principal, 'role'>,
  tenant: string,
): Promise<void> {
  if (role !== 'portal') return
  const found = await store.list({ tenant, limit: MOST })
  if (found.length >= MOST) throw new ProblemError('too_many_webhooks')
}
