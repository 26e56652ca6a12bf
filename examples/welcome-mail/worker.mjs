// REDIS_URL=redis://… SMTP_URL=smtp://localhost:2525 MAIL_FROM=hello@example.com ADMIN=ops@example.com \
//   node worker.mjs
import { Redis } from 'ioredis'
import { createTransport } from 'nodemailer'
import { createWorker } from 'posthorn-receiver'

const { REDIS_URL = '', QUEUE = 'webhooks', DEVICES = 'devices' } = process.env
const { SMTP_URL = '', MAIL_FROM = '', ADMIN = '' } = process.env
const redis = new Redis(REDIS_URL)
const mail = createTransport(SMTP_URL)

/**
 * @typedef {object} Interaction
 * @property {string} createdAt
 * @property {string} [userAgent]
 * @property {string} [userIp]
 * @property {{ id: string, name?: string, primaryEmail?: string }} user
 */

const worker = createWorker(
  QUEUE,
  async (event, step) => {
    if (event.type !== 'PostRegister' && event.type !== 'PostSignIn') return
    const {
      user,
      createdAt,
      userAgent = 'an unknown device',
      userIp = 'an unknown address',
    } = /** @type {Interaction} */ (event.json())
    const devices = `${DEVICES}:${user.id}`
    const device = `${userAgent} at ${userIp}`

    if (event.type === 'PostRegister') {
      await step('welcome', (key) =>
        send(key, user, 'Welcome', `Good to see you, ${user.name ?? user.id}.`),
      )
      // Of whoever was here before this worker, the first device that is seen is no news.
    } else if ((await redis.scard(devices)) > 0 && (await redis.sismember(devices, device)) === 0) {
      const text = `You have signed in with ${device}, ${createdAt}. Was it you?`
      await step('new-device', (key) => send(key, user, 'A new device', text, ADMIN))
    }
    // Last: a process that is killed before the mail has gone sends it when the job runs again.
    await redis.sadd(devices, device)
  },
  { connection: { url: REDIS_URL } },
)
worker.on('completed', ({ id }) => console.log('done', id))
worker.on('failed', (_job, error) => console.error('failed', error.message))
process.once('SIGTERM', async () => {
  await worker.close()
  await redis.quit()
})

/**
 * @param {string} key the same at every run: a mail that goes out twice has one Message-ID
 * @param {Interaction['user']} user
 * @param {string} subject
 * @param {string} text
 * @param {string} [bcc]
 */
async function send(key, { name = '', primaryEmail }, subject, text, bcc) {
  if (!primaryEmail) return
  const messageId = `<${key}@${MAIL_FROM.split('@').at(-1)}>`
  const to = { name, address: primaryEmail }
  await mail.sendMail({ from: MAIL_FROM, to, subject, text, messageId, ...(bcc && { bcc }) })
}
