/**
 * What a started Posthorn tells the person in front of it. The commands work exactly as pasted.
 *
 * @param {{ url: string, key: string, redis: string, seconds: string }} facts
 */
export function banner({ url, key, redis, seconds }) {
  return `
Posthorn is ready after ${seconds} s.

  URL       ${url}
  API key   ${key}
  Redis     ${redis}
  Kept in   .posthorn/ (data, keys, logs)

Open the URL and sign in with the key: the first page shows a delivery, a retry and a dead letter
within a minute, with a test receiver of Posthorn's own. Or publish a first event from here:

curl -sS ${url}/v1/events -H 'authorization: Bearer ${key}' -H 'content-type: application/json' -d '{"type":"user.created","data":{"id":1,"name":"Ada"}}'

Send events to a URL of yours; the answer holds the secret that signs them:

curl -sS ${url}/v1/webhooks -H 'authorization: Bearer ${key}' -H 'content-type: application/json' -d '{"url":"http://localhost:4000/webhooks","eventTypes":["user.*"]}'

The HTTP API is described at ${url}/docs. Ctrl-C stops everything.
`
}
