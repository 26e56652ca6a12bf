// REDIS_URL=redis://… CRM_URL=https://… CHAT_URL=https://… node worker.mjs
import { createWorker } from 'posthorn-receiver'

const { REDIS_URL = '', QUEUE = 'webhooks', CRM_URL = '', CHAT_URL = '' } = process.env

/** @typedef {{ user: { id: string, name?: string, primaryEmail?: string } }} Registered */

const worker = createWorker(
  QUEUE,
  async (event, step) => {
    if (event.type !== 'PostRegister') return
    const { user } = /** @type {Registered} */ (event.json())
    // Done once, also when the chat is down and the job is tried again.
    const contact = await step('contact', (key) => post(CRM_URL, user, key))
    const text = `${user.name ?? user.id} has registered: ${contact.link}`
    await step('message', (key) => post(CHAT_URL, { text }, key))
  },
  { connection: { url: REDIS_URL } },
)
worker.on('completed', ({ id }) => console.log('done', id))
worker.on('failed', (_job, error) => console.error('failed', error.message))
process.once('SIGTERM', () => worker.close())

/**
 * @param {string} url
 * @param {object} body
 * @param {string} key a repeat with the same key is to change nothing
 */
async function post(url, body, key) {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return /** @type {{ link?: string }} */ (await response.json())
}
