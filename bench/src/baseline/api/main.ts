import { randomUUID } from 'node:crypto'
import { Queue } from 'bullmq'
import express from 'express'
import { connection, type EventJob } from '../queues.ts'

const events = new Queue<EventJob>('events', { connection })
const app = express()
app.use(express.json())

app.post('/events', async (request, response) => {
  const { type, data } = request.body
  const id = randomUUID()
  await events.add('event', { id, type, data })
  response.status(202).json({ id })
})

app.get('/ready', (_request, response) => {
  response.json({ ok: true })
})

app.listen(Number(process.env.PORT), '127.0.0.1')
