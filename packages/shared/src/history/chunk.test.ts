import { expect, test } from 'vitest'
import { decodeChunk, encodeChunks, type ListedEvent, secondOf } from './chunk.ts'

const event = (n: number, tenant = 'acme'): ListedEvent => ({
  tenant,
  eventId: `evt_${n}`,
  createdMs: 1_795_510_527_000 + n,
})
const second = secondOf(event(0).createdMs)

test.each([1, 47, 48, 49, 500])('%i events of one second come back as they were', (count) => {
  const events = Array.from({ length: count }, (_, n) => event(n, n % 3 === 0 ? 'acme' : 'other-1'))
  const chunks = encodeChunks(events)
  expect(chunks.length).toBe(Math.ceil(count / 48))
  expect(chunks.flatMap((chunk) => decodeChunk(second, chunk))).toEqual(events)
})

test('the tenant is written once for neighbours', () => {
  const [chunk] = encodeChunks([event(1), event(999)])
  expect(chunk).toBe('01acme/evt_1,rrevt_999')
})
