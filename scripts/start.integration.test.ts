import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from './redis/port.mjs'
import { npmStart, processesOf, processOf, type StartedPosthorn, until } from './started.ts'

const READY = 'Posthorn is ready'
const exitOf = async (posthorn: StartedPosthorn) => ({
  code: await posthorn.exited,
  said: posthorn.output(),
})

let home: string
let port: number

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'posthorn-home-'))
  port = await freePort()
})

afterEach(() => {
  for (const pid of processesOf(home).keys()) process.kill(pid, 'SIGKILL')
  rmSync(home, { recursive: true, force: true })
})

function start(env: Record<string, string> = {}): StartedPosthorn {
  return npmStart(home, { PORT: String(port), ...env })
}

/** Started and ready; anything that ends before fails the test with what it said. */
async function ready(): Promise<StartedPosthorn> {
  const posthorn = start()
  let over = false
  void posthorn.exited.then(() => {
    over = true
  })
  await until(() => over || posthorn.output().includes('Ctrl-C stops everything'))
  expect(posthorn.output()).toContain(READY)
  return posthorn
}

/** What a terminal does on Ctrl-C: the signal goes to the whole process group. */
const ctrlC = (posthorn: StartedPosthorn) => process.kill(-(posthorn.npm.pid ?? 0), 'SIGINT')

function paste(command: string): unknown {
  return JSON.parse(execFileSync('bash', ['-c', command], { encoding: 'utf8' }))
}

test('the printed commands work as pasted, Ctrl-C leaves nothing behind, and a second start finds the same data', async () => {
  const first = await ready()
  const [publish = '', subscribe = ''] = first.output().match(/^curl .*$/gm) ?? []
  const event = paste(publish) as { id: string }
  expect(event).toMatchObject({ type: 'user.created', tenant: 'default', duplicate: false })
  expect(paste(subscribe)).toMatchObject({
    eventTypes: ['user.*'],
    secret: expect.stringMatching(/^whsec_/),
  })
  const bearer = `-H 'authorization: Bearer ${first.printed('API key')}'`
  const session = paste(`curl -sS ${first.printed('URL')}/v1/session ${bearer}`)
  expect(session).toMatchObject({ testReceiver: true })
  expect(statSync(join(home, 'keys.json')).mode & 0o077).toBe(0)
  ctrlC(first)
  expect(await first.exited).toBe(0)
  expect([...processesOf(home).values()]).toEqual([])

  const second = await ready()
  expect(second.printed('API key')).toBe(first.printed('API key'))
  expect(Number(/ready after (\S+) s/.exec(second.output())?.[1])).toBeLessThanOrEqual(5)
  const headers = `-H 'authorization: Bearer ${second.printed('API key')}'`
  const read = paste(`curl -sS ${second.printed('URL')}/v1/events/${event.id} ${headers}`)
  expect(read).toMatchObject({ id: event.id, data: { id: 1, name: 'Ada' } })
  ctrlC(second)
  expect(await second.exited).toBe(0)
})

test('SIGTERM to npm alone ends everything in order', async () => {
  const posthorn = await ready()
  posthorn.npm.kill('SIGTERM')
  await posthorn.exited
  expect([...processesOf(home).values()]).toEqual([])
  const log = readFileSync(join(home, 'logs/worker.log'), 'utf8')
  expect(log).not.toMatch(/ECONNREFUSED|Connection is closed/)
})

test('a killed npm leaves nothing running', async () => {
  const posthorn = await ready()
  posthorn.npm.kill('SIGKILL')
  await until(() => processesOf(home).size === 0)
})

test.each([
  ['the worker', 'apps/worker/src/main.ts', /The worker was ended by SIGKILL/],
  ['the API', 'apps/api/src/main.ts', /The api was ended by SIGKILL/],
  ['Redis', 'redis-server', /Redis ended by itself/],
])('when %s dies, the start says so, ends the others and exits with 1', async (_, part, words) => {
  const posthorn = await ready()
  process.kill(processOf(home, part), 'SIGKILL')
  const { code, said } = await exitOf(posthorn)
  expect(code).toBe(1)
  expect(said).toMatch(words)
  expect([...processesOf(home).values()]).toEqual([])
})

test('a start after one whose launcher was killed ends what that left, and finds its data', async () => {
  const first = await ready()
  const event = paste(/^curl .*$/m.exec(first.output())?.[0] ?? '') as { id: string }
  process.kill(processOf(home, 'scripts/start.mjs'), 'SIGKILL')
  await first.exited
  const second = await ready()
  const headers = `-H 'authorization: Bearer ${second.printed('API key')}'`
  const url = `${second.printed('URL')}/v1/events/${event.id}`
  expect(paste(`curl -sS ${url} ${headers}`)).toMatchObject({ id: event.id })
  ctrlC(second)
  expect(await second.exited).toBe(0)
  expect([...processesOf(home).values()]).toEqual([])
})

test('a taken port is an error that names another one, and starts nothing', async () => {
  const blocker = createServer().listen(port)
  const { code, said } = await exitOf(start())
  blocker.close()
  expect(code).toBe(1)
  expect(said).toMatch(new RegExp(`Port ${port} is taken.*PORT=\\d+ npm start`))
  expect([...processesOf(home).values()]).toEqual([])
})

test('a second start in the same folder says that the first one runs, and leaves it alone', async () => {
  const first = await ready()
  const { code, said } = await exitOf(start({ PORT: String(await freePort()) }))
  expect(code).toBe(1)
  expect(said).toContain(`Posthorn already runs from this folder, at http://localhost:${port}`)
  const health = await fetch(`http://localhost:${port}/healthz`)
  expect(health.status).toBe(200)
  ctrlC(first)
  expect(await first.exited).toBe(0)
})

test('a wrong configuration shows every problem and exits with 1', async () => {
  const { code, said } = await exitOf(
    start({ POSTHORN_RETENTION: 'long', POSTHORN_SHARDS: 'many' }),
  )
  expect(code).toBe(1)
  expect(said).toMatch(/POSTHORN_RETENTION: Expected a duration/)
  expect(said).toMatch(/POSTHORN_SHARDS: Expected a whole number/)
  expect([...processesOf(home).values()]).toEqual([])
})
