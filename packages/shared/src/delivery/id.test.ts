import { describe, expect, test } from 'vitest'
import { deliveryId, parseDeliveryId } from './id.ts'

const webhookId = 'wh_01JDC7M5T5G3X9N8K2QRSTVWXY'

describe('delivery ids', () => {
  test.each([
    { tenant: 'default', eventId: 'evt_01JDC7M5T5G3X9N8K2QRSTVWXZ', webhookId },
    { tenant: 'acme', eventId: 'order-1', webhookId },
    { tenant: 'a'.repeat(64), eventId: 'b'.repeat(64), webhookId },
    { tenant: '1', eventId: '2', webhookId },
  ])('name their delivery and can be read back: $tenant $eventId', (ref) => {
    const id = deliveryId(ref)
    expect(id).toMatch(/^dlv_[A-Za-z0-9_-]+$/)
    expect(parseDeliveryId(id)).toEqual(ref)
  })

  test('an id in another spelling of base64 names nothing', () => {
    const id = deliveryId({ tenant: 'default', eventId: 'x', webhookId })
    expect(parseDeliveryId(`${id}=`)).toBeUndefined()
    expect(parseDeliveryId(`${id}A`)).toBeUndefined()
  })

  test.each(['', 'dlv_', 'evt_1', 'dlv_AAAA', `dlv_${'A'.repeat(400)}`, 'dlv_%00'])(
    'no delivery has the id %j',
    (id) => {
      expect(parseDeliveryId(id)).toBeUndefined()
    },
  )
})
