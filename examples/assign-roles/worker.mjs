// REDIS_URL=redis://… LOGTO_URL=https://… LOGTO_TOKEN=… STAFF_ROLE=… STAFF_DOMAIN=example.com \
//   STAFF_NETWORK=203.0.113.0/24 node worker.mjs
import { BlockList } from 'node:net'
import { createWorker } from 'posthorn-receiver'

const { REDIS_URL = '', QUEUE = 'webhooks', LOGTO_URL = '', LOGTO_TOKEN = '' } = process.env
const { STAFF_ROLE = '', STAFF_DOMAIN = '', STAFF_NETWORK = '' } = process.env

const office = new BlockList()
const [network = '', bits = ''] = STAFF_NETWORK.split('/')
office.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4')

/** @typedef {{ user: { id: string, primaryEmail?: string }, userIp?: string }} Registered */

const worker = createWorker(
  QUEUE,
  async (event) => {
    if (event.type !== 'PostRegister') return
    const registered = /** @type {Registered} */ (event.json())
    if (!isStaff(registered)) return console.log('no role for', registered.user.id)
    await assign(registered.user.id)
    console.log('a role for', registered.user.id)
  },
  { connection: { url: REDIS_URL } },
)
worker.on('failed', (_job, error) => console.error('failed', error.message))
process.once('SIGTERM', () => worker.close())

/**
 * Both must fit: anybody may type an address of the domain, and a verified one may come from anywhere.
 *
 * @param {Registered} registered
 */
function isStaff({ user, userIp = '' }) {
  const fits = user.primaryEmail?.toLowerCase().endsWith(`@${STAFF_DOMAIN}`) ?? false
  return fits && office.check(userIp, userIp.includes(':') ? 'ipv6' : 'ipv4')
}

/**
 * Calls back. A role that is there already is what was wanted: the job may run twice.
 *
 * @param {string} userId
 */
async function assign(userId) {
  const response = await fetch(`${LOGTO_URL}/api/users/${userId}/roles`, {
    method: 'POST',
    headers: { authorization: `Bearer ${LOGTO_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ roleIds: [STAFF_ROLE] }),
  })
  if (!response.ok && response.status !== 422) throw new Error(`Logto: ${response.status}`)
}
