import type { Circuit } from '@posthorn/shared/circuit/circuit.ts'
import type { CircuitStore } from '@posthorn/shared/circuit/store.ts'
import type { Lanes } from '@posthorn/shared/lane/lane.ts'
import type { Situation } from '@posthorn/shared/overview/cause.ts'
import type { WebhookStore } from '@posthorn/shared/webhook/store.ts'
import type { StoredWebhook } from '@posthorn/shared/webhook/webhook.ts'

export interface TroubleDeps {
  readonly circuits: Pick<CircuitStore, 'list' | 'read'>
  readonly lanes: Pick<Lanes, 'list' | 'size'>
  readonly webhooks: Pick<WebhookStore, 'find'>
}

/** A webhook whose last attempts failed. */
export interface Failing {
  readonly webhook: StoredWebhook
  readonly circuit: Circuit
  readonly parked: number
}

/** So many are looked at one by one; of more, only their number is told. */
export const MAX_LOOKED_AT = 50

/**
 * Webhooks that fail though somebody wants their deliveries, open circuits first.
 * @returns `open`: how many circuits are not closed, also of those that were not looked at
 */
export async function readFailing(
  { circuits, lanes, webhooks }: TroubleDeps,
  tenant: string | undefined,
): Promise<{ failing: Failing[]; open: number }> {
  const listed = (await circuits.list()).filter(
    (one) => tenant === undefined || one.tenant === tenant,
  )
  const open = listed.filter(({ probeAtMs }) => probeAtMs !== undefined)
  const closed = listed.filter(({ probeAtMs }) => probeAtMs === undefined)
  const found = await Promise.all(
    [...open, ...closed].slice(0, MAX_LOOKED_AT).map(async ({ webhookId }) => {
      const [webhook, circuit, { waiting }] = await Promise.all([
        webhooks.find(webhookId),
        circuits.read(webhookId),
        lanes.size(webhookId),
      ])
      const isMeant = webhook?.enabled && !webhook.paused
      return isMeant && circuit ? [{ webhook, circuit, parked: waiting }] : []
    }),
  )
  return { failing: found.flat(), open: open.length }
}

/** What waits for webhooks that somebody has paused. */
export async function readPaused(
  { lanes, webhooks }: TroubleDeps,
  tenant: string | undefined,
): Promise<NonNullable<Situation['paused']>> {
  const listed = (await lanes.list()).filter((one) => tenant === undefined || one.tenant === tenant)
  const parked = await Promise.all(
    listed.slice(0, MAX_LOOKED_AT).map(async ({ webhookId }) => {
      const { waiting } = await lanes.size(webhookId)
      return waiting > 0 && (await webhooks.find(webhookId))?.paused ? waiting : 0
    }),
  )
  const waiting = parked.filter((count) => count > 0)
  return { webhooks: waiting.length, parked: waiting.reduce((a, b) => a + b, 0) }
}
