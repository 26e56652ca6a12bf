import { expect, test } from 'vitest'
import { decodeRecord, type EventRecord, encodeRecord } from './record.ts'

const record: EventRecord = {
  id: 'evt_1',
  tenant: 'acme',
  type: 'user.created',
  timestamp: '2026-11-24T08:00:00.000Z',
  labels: { region: 'eu' },
  data: Buffer.from('{"a":\n1.0}'),
  createdMs: 1,
  contentHash: 'hash',
  job: 'job_1',
}

test.each<[string, EventRecord]>([
  ['within a trace', { ...record, trace: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }],
  ['without one', record],
])('an event that was published %s is read as it was written', (_how, written) => {
  expect(decodeRecord('acme', 'evt_1', encodeRecord(written))).toEqual(written)
})

test('what a newer version has added to a record is passed over', () => {
  const bytes = encodeRecord(record).toString().replace('{', '{"later":{"of":"a newer one"},')
  expect(decodeRecord('acme', 'evt_1', Buffer.from(bytes))).toEqual(record)
})
