import { expect, test } from 'vitest'
import { publishBody, timeText } from '../load/payload.ts'
import { deliveryId, Requests } from './requests.ts'

const request = (id: string, atMs: number, name = 'posthorn-delivery-id') => {
  const body = publishBody('bench.f1', 100).replace(timeText(0), timeText(atMs))
  const head = [`${name}: ${id}`, `content-length: ${body.length}`].join('\r\n')
  return Buffer.from(`POST /webhooks HTTP/1.1\r\n${head}\r\n\r\n${body}`)
}

function read(chunks: readonly Buffer[]) {
  const came: [number, string | undefined][] = []
  const requests = new Requests((atMs, bytes, headEnd) =>
    came.push([atMs, deliveryId(bytes, headEnd)]),
  )
  for (const chunk of chunks) requests.push(chunk)
  return came
}

test('requests are told apart wherever their bytes are cut, with time and delivery', () => {
  const bytes = Buffer.concat([request('dlv_1', 12.5), request('dlv_2', 99)])
  for (let cut = 1; cut < bytes.length; cut += 7) {
    expect(read([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual([
      [12.5, 'dlv_1'],
      [99, 'dlv_2'],
    ])
  }
})

test('a delivery is not read from the request behind it', () => {
  const bytes = Buffer.concat([request('other', 1, 'x-other'), request('dlv_2', 2)])
  expect(read([bytes])).toEqual([
    [1, undefined],
    [2, 'dlv_2'],
  ])
})
