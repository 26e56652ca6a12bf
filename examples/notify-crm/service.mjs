// PORT=8090 node service.mjs
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

/** In the place of a CRM, a chat or Logto's API: prints what it is asked, and answers that it is done. */
const server = createServer(async (request, response) => {
  console.log(request.method, request.url, await text(request))
  const headers = { 'content-type': 'application/json' }
  response.writeHead(201, headers).end('{"link":"https://crm.example/contacts/1"}')
})
server.listen(Number(process.env.PORT ?? 8090), '127.0.0.1', () => {
  console.log('listening on', server.address())
})
