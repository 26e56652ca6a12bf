import { COMMON_TYPE, DEAD_TYPE, type Kept, RARE_TYPE } from './kept.ts'

export interface ListCall {
  readonly name: string
  readonly path: string
}

/** The questions that a dashboard asks, and those that few of the kept deliveries answer. */
export function callsFor(kept: Kept): ListCall[] {
  const { busyWebhook, deadWebhook, since, until, event, delivery } = kept
  const window = { since, until }
  const rare = { type: RARE_TYPE, tenant: 'default' }
  return [
    call('deliveries', {}),
    call('deliveries', { limit: '250' }),
    call('deliveries', { webhook: busyWebhook }),
    call('deliveries', { status: 'delivered' }),
    call('deliveries', { status: 'dead' }),
    call('deliveries', { status: 'retrying' }),
    call('deliveries', { status: 'parked' }),
    call('deliveries', { type: COMMON_TYPE }),
    call('deliveries', { type: RARE_TYPE }),
    call('deliveries', rare),
    call('deliveries', { webhook: busyWebhook, ...rare }),
    call('deliveries', { webhook: busyWebhook, status: 'dead' }),
    call('deliveries', { webhook: deadWebhook, type: DEAD_TYPE, status: 'dead' }),
    call('deliveries', { status: 'delivered', ...rare }),
    call('deliveries', { status: 'delivered', webhook: deadWebhook }),
    call('deliveries', { ...window }),
    call('deliveries', { webhook: busyWebhook, ...window }),
    call('deliveries', { event }),
    { name: 'a delivery by its id', path: `/v1/deliveries/${delivery}` },
    call('events', {}),
    call('events', { type: RARE_TYPE }),
    call('events', { type: 'none' }),
    call('events', { ...window }),
    call('dead-letters', {}),
    call('dead-letters', { webhook: deadWebhook, reason: 'exhausted' }),
    call('dead-letters', { type: RARE_TYPE }),
    { name: 'stats of a webhook, 24h', path: `/v1/webhooks/${busyWebhook}/stats?window=24h` },
    { name: 'stats of a webhook, 7d', path: `/v1/webhooks/${busyWebhook}/stats?window=7d` },
  ]
}

/** Its name says what is asked for, without the values that differ from run to run. */
function call(list: string, query: Readonly<Record<string, string>>): ListCall {
  const shown = Object.entries(query).map(([name, value]) =>
    SHOWN.has(name) ? `${name}=${value}` : name,
  )
  const parameters = new URLSearchParams(query).toString()
  return {
    name: [list, ...(shown.length > 0 ? [shown.join(', ')] : [])].join(': '),
    path: `/v1/${list}${parameters === '' ? '' : `?${parameters}`}`,
  }
}

const SHOWN = new Set(['limit', 'status', 'type', 'reason', 'tenant'])
