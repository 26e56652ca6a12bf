import { setTimeout as pause } from 'node:timers/promises'
import { disturbing } from '../fault.ts'
import type { Field } from '../field/field.ts'
import { SUBSCRIPTIONS } from '../load/events.ts'

const all = { eventTypes: ['*'], behaviour: {} }

/** Only pausing and renaming: it must get all. */
const KEPT = { ...all, name: 'kept', expects: () => true }
/** Disabled and enabled, or deleted and made anew: it gets what fate allows, and the rest ends truly. */
const ENDED = { ...all, name: 'ended', expects: () => true, mayMiss: true }

export const changeWebhooks = disturbing({
  name: 'webhook-changes',
  what: 'webhooks changed, paused, disabled and deleted at random moments',
  full: { events: 30_000, strikes: 60 },
  slice: { events: 1_500, strikes: 6 },
  field: { subscriptions: [...SUBSCRIPTIONS, KEPT, ENDED] },
  duplicatesPerStrike: 0,
  async strike(field) {
    await pause(field.random.between(0, 200))
    await field.random.pick([pauseKept, changeKept, disableEnded, deleteEnded])(field)
  },
  mayEnd: ({ subscriber, reason, status }) =>
    subscriber === ENDED.name && (status === 'cancelled' || reason === 'disabled'),
})

function idOf(field: Field, wanted: string): string {
  const id = [...field.webhooks].findLast(([, name]) => name === wanted)?.[0]
  if (id === undefined) throw new Error(`no webhook ${wanted}`)
  return id
}

async function pauseKept(field: Field): Promise<void> {
  const id = idOf(field, KEPT.name)
  await field.client.post(200, `/v1/webhooks/${id}/pause`)
  await pause(field.random.between(0, 1_500))
  await field.client.post(200, `/v1/webhooks/${id}/resume`)
}

async function changeKept(field: Field): Promise<void> {
  const body = {
    name: `changed-${field.random.between(0, 1_000)}`,
    maxConcurrency: field.random.between(5, 60),
  }
  await field.client.need(200, 'PATCH', `/v1/webhooks/${idOf(field, KEPT.name)}`, { body })
}

async function disableEnded(field: Field): Promise<void> {
  const id = idOf(field, ENDED.name)
  await field.client.post(200, `/v1/webhooks/${id}/disable`, {})
  await pause(field.random.between(0, 500))
  await field.client.post(200, `/v1/webhooks/${id}/enable`)
}

async function deleteEnded(field: Field): Promise<void> {
  await field.client.need(204, 'DELETE', `/v1/webhooks/${idOf(field, ENDED.name)}`)
  await field.subscribe(ENDED)
}
