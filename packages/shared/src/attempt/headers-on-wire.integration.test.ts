import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { Client } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkCustomHeaders } from './headers.ts'

let server: Server
let client: Client

/** A receiver that answers with the headers that came, in the order and spelling in which they came. */
beforeAll(async () => {
  server = createServer((request, response) => response.end(JSON.stringify(request.rawHeaders)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  client = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
afterAll(async () => {
  await client?.close()
  server?.close()
})

async function arrived(headers: string[]): Promise<[string, string][]> {
  const { body } = await client.request({ method: 'POST', path: '/', headers, body: '{}' })
  const raw = (await body.json()) as string[]
  return raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : []))
}

const name = fc.stringMatching(/^[A-Za-z\d!#$%&'*+.^_`|~-]{1,12}$/)
const value = fc.stringMatching(/^[\t -~]{0,12}$/)

test('whatever headers are accepted, undici sends them and they arrive as they were given', async () => {
  let sent = 0
  const property = fc.asyncProperty(fc.dictionary(name, value, { maxKeys: 6 }), async (headers) => {
    if (checkCustomHeaders(headers).length > 0) return
    const given = Object.entries(headers)
    expect(await arrived(given.flat())).toEqual(expect.arrayContaining(given))
    sent++
  })
  await fc.assert(property, { numRuns: 500 })
  expect(sent).toBeGreaterThan(50)
})
