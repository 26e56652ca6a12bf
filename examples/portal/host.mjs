// POSTHORN_URL=http://localhost:3000 POSTHORN_KEY=… node host.mjs
// The API needs POSTHORN_PORTAL_ORIGINS=http://localhost:8080, where this page then is.
import { createServer } from 'node:http'
import { Posthorn } from 'posthorn'

const { POSTHORN_URL: url = '', POSTHORN_KEY: key = '', PORT: port = '8080' } = process.env
const posthorn = new Posthorn({ url, key })

// Stands for your sign-in: it alone says whose webhooks are shown, never what the browser sends.
const tenant = process.env.TENANT ?? 'acme'

const server = createServer(async (_request, response) => {
  const link = await posthorn.portalLinks.create({
    tenant,
    expiresInSeconds: 3_600,
    theme: { accent: '#0f766e', radius: 4 },
  })
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store', // The page holds the link.
  })
  response.end(`<!doctype html>
<html lang="en">
<title>Our application</title>
<h1>Webhooks</h1>
<iframe
  title="Webhooks"
  src="${link.url}"
  allow="clipboard-write"
  style="border: 0; width: 100%; height: 720px"
></iframe>`)
})
server.listen(Number(port), 'localhost')
console.log(`http://localhost:${port}`)
