import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sharedRedisUrl, testNamespace } from '@posthorn/shared/testing/namespace.ts'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from '../testing/api.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi(sharedRedisUrl(), testNamespace())
})
afterAll(() => api.stop())

describe('a test event', () => {
  it('is one signed request, and says what came back', async () => {
    const seen: { headers: Record<string, string>; body: string }[] = []
    const receiver = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        seen.push({ headers: request.headers as Record<string, string>, body })
        response.writeHead(418, { 'x-pot': 'tea' }).end('short')
      })
    }).listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
    const { id, secret } = await api.newWebhook({
      url,
      headers: { 'x-own': 'mine' },
      enabled: false,
    })
    const { status, json } = await api.act(id, 'test', { type: 'a.test', data: { n: [1, null] } })
    expect(status).toBe(200)
    expect(json).toMatchObject({ outcome: 'http_error', statusCode: 418, body: 'short' })
    expect(json.headers['x-pot']).toBe('tea')
    const [one] = seen
    expect(new Webhook(secret).verify(one?.body ?? '', one?.headers ?? {})).toMatchObject({
      type: 'a.test',
      data: { n: [1, null] },
    })
    expect(one?.headers['x-own']).toBe('mine')
    expect((await api.act(id, 'test')).json.outcome).toBe('http_error')
    receiver.closeAllConnections()
    receiver.close()
  })
})
