import { expect, test } from 'vitest'
import { compareIds, decodeEntry, entryMs } from './log.ts'

test('a fan-out names its webhooks, or none', () => {
  const head = { kind: 'fan-out', id: '5-1', tenant: 'acme', eventId: 'e-1', type: 'a.b' }
  const read = (text: string) => decodeEntry(['5-1', ['v', text]])
  expect(read('f acme e-1 a.b 17 wh_1,wh_2')).toEqual({
    ...head,
    createdMs: 17,
    webhookIds: ['wh_1', 'wh_2'],
  })
  expect(read('f acme e-1 a.b 17 ')).toEqual({ ...head, createdMs: 17, webhookIds: [] })
})

test('transitions keep what the history needs of them', () => {
  const attempt = {
    number: 1,
    trigger: 'automatic',
    outcome: 'success',
    statusCode: 200,
    durationMs: 12,
    endedMs: 40,
    responseBytes: 2,
  }
  const json = JSON.stringify([
    ['p', 'wh_1', 'd', 1, 1, 40, { attempt }],
    ['r', 'wh_2', 'x', 1, 3, 41, { reason: 'exhausted' }],
  ])
  expect(decodeEntry(['5-1', ['v', `d acme e-1 a.b 17 1 ${json}`]])).toEqual({
    kind: 'transitions',
    id: '5-1',
    tenant: 'acme',
    eventId: 'e-1',
    type: 'a.b',
    createdMs: 17,
    finished: true,
    transitions: [
      { from: 'p', webhookId: 'wh_1', to: 'd', atMs: 40, attempt },
      { from: 'r', webhookId: 'wh_2', to: 'x', atMs: 41 },
    ],
  })
})

test('stream ids are ordered by number, not by text', () => {
  expect(compareIds('9-5', '10-0')).toBeLessThan(0)
  expect(compareIds('10-10', '10-9')).toBeGreaterThan(0)
  expect(compareIds('10-10', '10-10')).toBe(0)
  expect(entryMs('1795510527047-3')).toBe(1_795_510_527_047)
})
