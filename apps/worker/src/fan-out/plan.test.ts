import { compileFilter } from '@posthorn/shared/filter/compile.ts'
import { SubscriptionIndex } from '@posthorn/shared/webhook/match.ts'
import type { CompiledWebhook, StoredWebhook } from '@posthorn/shared/webhook/webhook.ts'
import { expect, test } from 'vitest'
import { planFanOut } from './plan.ts'

const data = Buffer.from('{"plan":"pro"}')
const event = { tenant: 'acme', id: 'e', type: 'user.created', createdMs: 1, data }
const at = { epoch: '1', version: 5 }

function webhooks(
  ...settings: {
    id: string
    types: string[]
    enabled?: boolean
    from?: number
    plan?: string
  }[]
) {
  const index = new SubscriptionIndex<CompiledWebhook>()
  for (const { id, types, enabled = true, from = 1, plan } of settings) {
    const config = { id, enabled, createdVersion: from } as StoredWebhook
    const filter = plan === undefined ? undefined : compileFilter({ plan })
    index.set({ id, eventTypes: types, config, filter } as unknown as CompiledWebhook)
  }
  return index
}

test('an event goes to each enabled webhook of its type, in the order of their ids', () => {
  const index = webhooks(
    { id: 'wh_b', types: ['user.*'] },
    { id: 'wh_a', types: ['*'] },
    { id: 'wh_c', types: ['order.created'] },
    { id: 'wh_d', types: ['user.created'], enabled: false },
  )
  expect(planFanOut(event, index, at)).toEqual({ event, webhookIds: ['wh_a', 'wh_b'] })
})

test('of the webhooks of its type an event goes to those whose filter its data passes', () => {
  const index = webhooks(
    { id: 'wh_a', types: ['*'], plan: 'free' },
    { id: 'wh_b', types: ['*'], plan: 'pro' },
    { id: 'wh_c', types: ['*'] },
  )
  expect(planFanOut(event, index, at)).toEqual({ event, webhookIds: ['wh_b', 'wh_c'] })
})

test('data that cannot be read is filtered by nobody: better one too many than one lost', () => {
  const index = webhooks({ id: 'wh_a', types: ['*'], plan: 'free' })
  const broken = { ...event, data: Buffer.from('{') }
  expect(planFanOut(broken, index, at).webhookIds).toEqual(['wh_a'])
})

test('a webhook that was created after the event takes no part in it', () => {
  const index = webhooks(
    { id: 'wh_a', types: ['*'], from: 6 },
    { id: 'wh_b', types: ['*'], from: 5 },
  )
  expect(planFanOut(event, index, at).webhookIds).toEqual(['wh_b'])
})

test.each([
  ['no_webhooks', webhooks()],
  ['no_webhooks', webhooks({ id: 'wh_a', types: ['*'], from: 6 })],
  ['no_type', webhooks({ id: 'wh_a', types: ['order.created'] })],
  ['disabled', webhooks({ id: 'wh_a', types: ['*'], enabled: false })],
  ['disabled', webhooks({ id: 'wh_a', types: ['*'], enabled: false, plan: 'free' })],
  ['filtered', webhooks({ id: 'wh_a', types: ['*'], plan: 'free' })],
  [
    'filtered',
    webhooks(
      { id: 'wh_a', types: ['*'], plan: 'free' },
      { id: 'wh_b', types: ['*'], enabled: false },
    ),
  ],
])('an event that goes nowhere says why: %s', (unmatchedReason, index) => {
  expect(planFanOut(event, index, at)).toEqual({ event, webhookIds: [], unmatchedReason })
})
