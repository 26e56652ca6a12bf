import type { Endpoint } from './receiver.ts'
import type { Delivery, DeliveryStatus } from './shapes.ts'
import type { Tenant } from './tenant.ts'
import { inParallel, waitFor } from './wait.ts'

export interface History {
  /** Pairs of event and URL that were accepted and are neither delivered, dead, cancelled nor open. */
  readonly lost: string[]
  /** Requests beyond the first for the same event at the same URL. */
  readonly duplicates: string[]
  readonly dead: number
  readonly open: number
}

const OPEN: readonly DeliveryStatus[] = ['pending', 'retrying', 'parked']
const SETTLED_WITHIN_MS = 45_000

/**
 * The oracle: holds what was accepted against the receivers' ledgers, the dead letters and the open
 * deliveries, once every event has been delivered or the time is over. For webhooks that take all
 * of the tenant's events, at receivers that answer 2xx.
 */
export async function historyOf(
  tenant: Tenant,
  accepted: readonly string[],
  endpoints: readonly Endpoint[],
): Promise<History> {
  await settled(tenant, accepted, endpoints).catch(() => {})
  const [dead, open] = [
    await deliveriesOf(tenant, ['dead', 'cancelled']),
    await deliveriesOf(tenant, OPEN),
  ]
  const accounted = new Set([...dead, ...open].map((each) => each.event))
  const lost = endpoints.flatMap((endpoint) => {
    const delivered = new Set(
      endpoint.received.filter((each) => isSuccess(each.status)).map((each) => each.id),
    )
    return accepted
      .filter((id) => !delivered.has(id) && !accounted.has(id))
      .map((id) => `${id} at ${endpoint.url}`)
  })
  const duplicates = endpoints.flatMap((endpoint) => repeated(endpoint))
  return { lost, duplicates, dead: dead.length, open: open.length }
}

async function settled(
  tenant: Tenant,
  accepted: readonly string[],
  endpoints: readonly Endpoint[],
): Promise<void> {
  await waitFor(
    () =>
      endpoints.every((endpoint) => {
        const seen = new Set(endpoint.received.map((each) => each.id))
        return accepted.every((id) => seen.has(id))
      }),
    { what: 'every accepted event to arrive', timeoutMs: SETTLED_WITHIN_MS, everyMs: 100 },
  )
  // A request that arrived may come again as long as its outcome stands in no record.
  await inParallel(accepted, 16, (id) => tenant.finished(id, endpoints.length, 20_000))
}

async function deliveriesOf(
  tenant: Tenant,
  statuses: readonly DeliveryStatus[],
): Promise<Delivery[]> {
  const lists = await inParallel(statuses, 4, (status) =>
    tenant.client.all<Delivery>('/v1/deliveries', { tenant: tenant.name, status }),
  )
  return lists.flat()
}

function repeated(endpoint: Endpoint): string[] {
  const counts = new Map<string, number>()
  for (const { id } of endpoint.received) counts.set(id, (counts.get(id) ?? 0) + 1)
  return [...counts].flatMap(([id, count]) => Array<string>(count - 1).fill(id))
}

function isSuccess(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300
}
