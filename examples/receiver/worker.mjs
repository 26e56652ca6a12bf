// REDIS_URL=redis://… node worker.mjs
import { createWorker } from 'posthorn-receiver'

const worker = createWorker(
  process.env.QUEUE ?? 'webhooks',
  async (event, step) => {
    if (event.type !== 'PostRegister') return
    /** @type {{ user: { id: string } }} */
    const { user } = event.json()

    // Each step is done once, also when a later one fails and the job is tried again.
    const contact = await step('create contact', (key) => createContact(user, key))
    await step('send welcome', () => sendWelcome(contact.id))
  },
  { connection: { url: process.env.REDIS_URL ?? '' }, concurrency: 10 },
)
worker.on('completed', ({ id }) => console.log('done', id))
worker.on('failed', (job, error) => console.error('failed', job?.attemptsMade, error.message))
process.once('SIGTERM', () => worker.close()) // Ends what it has begun.

/**
 * @param {{ id: string }} user
 * @param {string} key the same at every run: for a service that takes an idempotency key
 */
async function createContact(user, key) {
  console.log('contact of', user.id, 'under', key)
  return { id: `contact-${user.id}` }
}

let tries = 0

/** @param {string} contactId */
async function sendWelcome(contactId) {
  if (tries++ === 0) throw new Error('the mail server is busy')
  console.log('welcome to', contactId)
}
