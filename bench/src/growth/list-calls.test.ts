import { expect, test } from 'vitest'
import type { Kept } from './kept.ts'
import { callsFor } from './list-calls.ts'

const keptOf = (id: string): Kept => ({
  seeded: { tookSeconds: 1, mib: 1 },
  attempts: 1,
  busyWebhook: `busy${id}`,
  deadWebhook: `dead${id}`,
  event: `event${id}`,
  delivery: `delivery${id}`,
  since: `since${id}`,
  until: `until${id}`,
})

test('two histories are asked the same questions, each about its own', () => {
  const [one, other] = [callsFor(keptOf('-1')), callsFor(keptOf('-2'))]
  expect(one.map(({ name }) => name)).toEqual(other.map(({ name }) => name))
  expect(new Set(one.map(({ name }) => name)).size).toBe(one.length)
  expect(one.map(({ path }) => path.replaceAll('-1', '-2'))).toEqual(other.map(({ path }) => path))
})
