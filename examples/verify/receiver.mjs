// WEBHOOK_SECRET=whsec_… PORT=8080 node receiver.mjs
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { verify } from './crypto.mjs'

const secret = process.env.WEBHOOK_SECRET ?? ''

/** In production: a table or a queue of yours, with `webhook-id` as its unique key. */
const taken = new Set()

const server = createServer(async (request, response) => {
  const rawBody = await buffer(request)
  try {
    verify(rawBody, request.headers, secret)
  } catch (error) {
    console.error('refused:', /** @type {Error} */ (error).message)
    response.writeHead(401).end()
    return
  }
  const id = request.headers['webhook-id']
  const isNew = !taken.has(id)
  if (isNew) taken.add(id)
  response.writeHead(204).end() // First the answer, once it is kept; a repeat is answered the same.
  if (isNew) work(JSON.parse(rawBody.toString()))
})

server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log('listening on', server.address())
})

/** @param {{ type: string, timestamp: string, data: unknown }} event */
function work(event) {
  console.log('received', event.type, JSON.stringify(event.data))
}
