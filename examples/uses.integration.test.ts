import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { sharedRedisUrl } from '@posthorn/shared/testing/namespace.ts'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { createReceiver, logto } from 'posthorn-receiver'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'

// Each of the uses as its folder has it: what Logto sends goes through the receiver onto a queue, and the
// example works it off.

const KEY = 'a signing key'
let children: ChildProcess[] = []

afterEach(async () => {
  await Promise.all(
    children.map(async (child) => {
      const gone = child.exitCode ?? once(child, 'exit')
      child.kill()
      await gone
    }),
  )
  children = []
})

/** Starts a file of an example, and gives what it prints. */
function run(path: string, env: Record<string, string>) {
  const file = fileURLToPath(new URL(path, import.meta.url))
  const child = spawn(process.execPath, [file], { env: { ...process.env, ...env } })
  children.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  return {
    printed: (wanted: string) =>
      vi.waitFor(() => expect(output).toContain(wanted), { timeout: 40_000, interval: 20 }),
    output: () => output,
  }
}

/** Starts the example of a folder on a queue of its own. */
function start(folder: string, env: Record<string, string> = {}) {
  const name = `example-${randomUUID()}`
  const backoff = { type: 'fixed', delay: 10 }
  const queue = new Queue(name, {
    connection: { url: sharedRedisUrl() },
    defaultJobOptions: { attempts: 5, backoff },
  })
  onTestFinished(async () => {
    await queue.obliterate({ force: true })
    await queue.close()
  })
  const own = { REDIS_URL: sharedRedisUrl(), QUEUE: name, ...env }
  const worker = run(`${folder}/worker.mjs`, own)
  const receiver = createReceiver({ queue, scheme: logto(KEY) })
  return {
    /** As Logto posts. */
    async post(event: string, body: object): Promise<void> {
      const raw = Buffer.from(
        JSON.stringify({ event, createdAt: new Date().toISOString(), ...body }),
      )
      const signature = createHmac('sha256', KEY).update(raw).digest('hex')
      const answer = await receiver.receive({ 'logto-signature-sha-256': signature }, raw)
      expect(answer.status).toBe(202)
    },
    ...worker,
  }
}

const mailTo = (port: number) => ({
  SMTP_URL: `smtp://127.0.0.1:${port}`,
  MAIL_FROM: 'hello@example.com',
  ADMIN: 'ops@example.com',
  DEVICES: `devices-${randomUUID()}`,
})

/** A service that notes what it is asked, and answers by its turn. */
async function service(answer: (turn: number) => { status: number; body: object }) {
  const asked: { path: string; headers: IncomingMessage['headers']; body: unknown }[] = []
  const server = createServer(async (request, response) => {
    asked.push({
      path: request.url ?? '',
      headers: request.headers,
      body: JSON.parse(await text(request)),
    })
    const { status, body } = answer(asked.length)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close().closeAllConnections())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

function redis() {
  const client = new Redis(sharedRedisUrl())
  onTestFinished(() => void client.disconnect())
  return client
}

test('a registration is greeted once, although the mail server is busy at first', async () => {
  let turn = 0
  const mails: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onData: async (stream, _session, taken) => {
      const mail = await text(stream)
      if (turn++ === 0) return taken(Object.assign(new Error('busy'), { responseCode: 451 }))
      mails.push(mail)
      taken()
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const { port } = server.server.address() as AddressInfo
  const example = start('welcome-mail', mailTo(port))
  const user = { id: 'u_1', name: 'Ada', primaryEmail: 'ada@example.com' }
  await example.post('PostRegister', { user, userAgent: 'Firefox', userIp: '203.0.113.7' })
  await example.printed('done')
  expect(example.output()).toMatch(/failed .*busy/)
  expect(mails).toHaveLength(1)
  expect(mails[0]).toMatch(/^To: Ada <ada@example\.com>/m)
  expect(mails[0]).toContain('Good to see you, Ada.')
})

test('a sign-in from a device that is new to its user is told to the user and the admin, another is not', async () => {
  const smtp = run('welcome-mail/smtp.mjs', { PORT: '0' })
  await smtp.printed('port:')
  const port = Number(/port: (\d+)/.exec(smtp.output())?.[1])
  const example = start('welcome-mail', mailTo(port))
  const user = { id: 'u_1', primaryEmail: 'ada@example.com' }
  let jobs = 0
  const signIn = async (userAgent: string, userIp = '203.0.113.7') => {
    await example.post('PostSignIn', { user, userAgent, userIp, n: ++jobs })
    await vi.waitFor(() => expect(example.output().match(/^done/gm)).toHaveLength(jobs), {
      timeout: 40_000,
    })
  }
  const told = () => smtp.output().match(/^mail to .*$/gm) ?? []
  await signIn('Firefox')
  await signIn('Firefox')
  expect(told()).toEqual([])
  await signIn('Safari')
  await smtp.printed('You have signed in with Safari at 203.0.113.7')
  expect(told()).toEqual(['mail to ada@example.com, ops@example.com'])
  // Who else is told stands in no header.
  expect(smtp.output().match(/ops@example\.com/g)).toHaveLength(1)
  await signIn('Safari')
  await signIn('Safari', '198.51.100.9')
  await smtp.printed('You have signed in with Safari at 198.51.100.9')
  expect(told()).toHaveLength(2)
})

test('a registration makes one contact and one message, although the chat is down at first', async () => {
  const crm = await service(() => ({ status: 201, body: { link: 'https://crm.example/1' } }))
  const chat = await service((turn) => ({ status: turn === 1 ? 503 : 200, body: {} }))
  const example = start('notify-crm', { CRM_URL: crm.url, CHAT_URL: chat.url })
  await example.post('PostRegister', { user: { id: 'u_1', name: 'Ada' } })
  await example.printed('done')
  expect(crm.asked.map(({ body }) => body)).toEqual([{ id: 'u_1', name: 'Ada' }])
  expect(chat.asked.at(-1)?.body).toEqual({ text: 'Ada has registered: https://crm.example/1' })
  const keys = chat.asked.map(({ headers }) => headers['idempotency-key'])
  expect(keys).toHaveLength(2)
  expect(new Set(keys).size).toBe(1)
})

test('a role is assigned to who registers from the office with an address of the house, and to nobody else', async () => {
  const api = await service(() => ({ status: 201, body: {} }))
  const env = { LOGTO_URL: api.url, LOGTO_TOKEN: 't', STAFF_ROLE: 'staff' }
  const office = { STAFF_DOMAIN: 'example.com', STAFF_NETWORK: '203.0.113.0/24' }
  const example = start('assign-roles', { ...env, ...office })
  const register = (id: string, primaryEmail: string | undefined, userIp: string) =>
    example.post('PostRegister', { user: { id, primaryEmail }, userIp })
  await register('outside', 'ada@example.com', '198.51.100.7')
  await register('stranger', 'eve@example.com.evil.net', '203.0.113.9')
  await register('nameless', undefined, '203.0.113.9')
  await register('staff', 'Ada@Example.com', '203.0.113.9')
  for (const id of ['outside', 'stranger', 'nameless']) await example.printed(`no role for ${id}`)
  await example.printed('a role for staff')
  expect(api.asked.map(({ path, body }) => ({ path, body }))).toEqual([
    { path: '/api/users/staff/roles', body: { roleIds: ['staff'] } },
  ])
  expect(api.asked[0]?.headers.authorization).toBe('Bearer t')
})

test('suspensions and deletions are taken over, in whatever order and however often they come', async () => {
  const USERS = `users-${randomUUID()}`
  const example = start('sync-users', { USERS })
  const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`
  const data = (isSuspended: boolean) => ({ data: { id: 'u_1', isSuspended } })
  await example.post('User.Created', { createdAt: at(1), ...data(false) })
  await example.printed('user u_1 active')
  await example.post('User.SuspensionStatus.Updated', { createdAt: at(2), ...data(true) })
  await example.printed('user u_1 suspended')
  await example.post('User.Deleted', { createdAt: at(4), data: null, params: { userId: 'u_1' } })
  await example.printed('user u_1 deleted')
  await example.post('User.Data.Updated', { createdAt: at(3), ...data(false) })
  await example.printed('user u_1 passed over')
  expect(await redis().hget(`${USERS}:u_1`, 'state')).toBe('deleted')
})

test('the report counts sign-ins by application and people by day', async () => {
  const example = start('sign-in-report', { REPORT: `report-${randomUUID()}` })
  const createdAt = '2026-01-01T08:00:00.000Z'
  for (const [n, userId] of ['u_1', 'u_2', 'u_1'].entries()) {
    await example.post('PostSignIn', { createdAt, userId, n, application: { name: 'Shop' } })
    await example.printed(`2026-01-01 Shop sign-ins: ${n + 1}`)
  }
  expect(example.output()).toContain('sign-ins: 3 people: 2')
})

test('a change of what a role may do ends the sessions of whoever has it, and no others', async () => {
  const SESSIONS = `sessions-${randomUUID()}`
  const client = redis()
  for (const [session, role] of [
    ['a', 'editor'],
    ['b', 'editor'],
    ['c', 'viewer'],
  ] as const) {
    await client.set(`${SESSIONS}:${session}`, 'cached')
    await client.sadd(`${SESSIONS}:role:${role}`, session)
  }
  const example = start('end-sessions', { SESSIONS })
  await example.post('Role.Scopes.Updated', { params: { id: 'editor' }, data: [] })
  await example.printed('ended 2 sessions of the role editor')
  const left = await client.mget(...['a', 'b', 'c'].map((id) => `${SESSIONS}:${id}`))
  expect(left).toEqual([null, null, 'cached'])
})
