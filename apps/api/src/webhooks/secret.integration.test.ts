import { sharedRedisUrl, testNamespace } from '@posthorn/shared/testing/namespace.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from '../testing/api.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi(sharedRedisUrl(), testNamespace())
})
afterAll(() => api.stop())

describe('secrets', () => {
  it('of several rotations live side by side, each until its own end', async () => {
    const { id, secret: first } = await api.newWebhook()
    const { secret: second } = (await api.act(id, 'rotate-secret', { overlapSeconds: 60 })).json
    const third = `whsec_${Buffer.alloc(24, 3).toString('base64')}`
    const answer = (await api.act(id, 'rotate-secret', { secret: third })).json
    expect(answer.secret).toBe(third)
    expect(answer.previous.map(({ secret }) => secret)).toEqual([second, first])
    expect((await api.call('GET', `/v1/webhooks/${id}/secret`)).json).toEqual(answer)
    const older = await api.act(id, 'rotate-secret', { secret: second })
    expect([older.status, older.json.errors[0]?.path]).toEqual([422, 'secret'])
    const last = (await api.act(id, 'rotate-secret', { overlapSeconds: 0 })).json
    expect(last.previous).toHaveLength(2)
  })

  it('repeated with the newest one end an overlap early, and are rotated once', async () => {
    const { id } = await api.newWebhook()
    const secret = `whsec_${Buffer.alloc(24, 5).toString('base64')}`
    const rotated = (await api.act(id, 'rotate-secret', { secret })).json
    expect((await api.act(id, 'rotate-secret', { secret })).json).toEqual(rotated)
    const ended = (await api.act(id, 'rotate-secret', { secret, overlapSeconds: 0 })).json
    expect(ended).toEqual({ secret, previous: [] })
  })

  it('are not piled up without end', async () => {
    const { id } = await api.newWebhook()
    let status = 200
    for (let i = 0; i < 12 && status === 200; i++)
      status = (await api.act(id, 'rotate-secret')).status
    expect(status).toBe(409)
  })

  it('of 23 bytes are refused', async () => {
    const secret = `whsec_${Buffer.alloc(23).toString('base64')}`
    const body = { url: 'https://example.com', eventTypes: ['*'], secret }
    const { status, json } = await api.call('POST', '/v1/webhooks', { body })
    expect([status, json.errors[0]?.path]).toEqual([422, 'secret'])
  })
})
