import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Queue } from 'bullmq'
import express, { type NextFunction, type Request, type Response } from 'express'
import { expect, test } from 'vitest'
import { createReceiver } from '../receive/receiver.ts'
import { none } from '../scheme/credential.ts'
import { expressHandler } from './express.ts'

test('after express.json() a request is an error that says so, not a 2xx', async () => {
  const thrown: Error[] = []
  const queue = { add: () => expect.unreachable() } as unknown as Queue
  const app = express().use(express.json())
  app.post('/hook', expressHandler(createReceiver({ queue, scheme: none() })))
  app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
    thrown.push(error)
    response.sendStatus(500)
  })
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  const headers = { 'content-type': 'application/json' }
  const { status } = await fetch(url, { method: 'POST', headers, body: '{"a":1}' })
  expect(status).toBe(500)
  expect(thrown[0]?.message).toMatch(/raw body/)
  server.close().closeAllConnections()
})
