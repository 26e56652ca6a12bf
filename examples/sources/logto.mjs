// POSTHORN_URL=http://localhost:3000 POSTHORN_KEY=… SIGNING_KEY=… node logto.mjs <URL of a service> …
import { Posthorn } from 'posthorn'

const { POSTHORN_URL: url = '', POSTHORN_KEY: key = '', SIGNING_KEY = '' } = process.env
const posthorn = new Posthorn({ url, key })

// Where Logto posts to, verified by the signing key that its console shows.
const source = await posthorn.sources.create({
  name: 'sign-in',
  type: 'logto',
  secrets: [SIGNING_KEY],
})
console.log('the endpoint for Logto:', url + source.path)

// Who hears of it: each of your services by itself, with its own secret, retries and dead letters.
for (const service of process.argv.slice(2)) {
  const eventTypes = ['PostRegister', 'PostSignIn', 'User.*']
  const webhook = await posthorn.webhooks.create({ url: service, eventTypes })
  console.log('the secret for', service, 'is', webhook.secret)
}
