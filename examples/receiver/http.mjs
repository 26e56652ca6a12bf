// REDIS_URL=redis://… SIGNING_KEY=… PORT=8080 node http.mjs
import { createServer } from 'node:http'
import { nodeHandler } from 'posthorn-receiver/node'
import { receiver } from './receiver.mjs'

const server = createServer(nodeHandler(receiver))
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log('listening on', server.address())
})
