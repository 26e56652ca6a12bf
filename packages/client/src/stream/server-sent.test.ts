import { expect, test } from 'vitest'
import { serverSentEvents } from './server-sent.ts'

const TEXT =
  ': comment\n\nevent: attempt\ndata: {"n":1}\n\ndata: a\ndata: b\n\nevent: empty\n\nevent: attempt\r\ndata:{"n":2}\r\n\r\ndata: cut'

const EVENTS = [
  { event: 'attempt', data: '{"n":1}' },
  { event: 'message', data: 'a\nb' },
  { event: 'attempt', data: '{"n":2}' },
]

test.each([1, 2, 3, 7, 1_000])('server-sent events in pieces of %i characters', async (size) => {
  async function* pieces() {
    for (let at = 0; at < TEXT.length; at += size) yield TEXT.slice(at, at + size)
  }
  const found: object[] = []
  for await (const event of serverSentEvents(pieces())) found.push(event)
  expect(found).toEqual(EVENTS)
})
