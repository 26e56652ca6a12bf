import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sharedRedisUrl } from '@posthorn/shared/testing/namespace.ts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { repositoryRoot } from './harness/place.ts'
import { freePort } from './harness/port.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import { waitFor } from './harness/wait.ts'

// The README of each example, followed by copy and paste: each block in a terminal of its own.

let posthorn: Posthorn
let terminals: ChildProcess[] = []

beforeAll(async () => {
  posthorn = await startPosthorn()
})
afterAll(() => posthorn?.stop())
afterEach(async () => {
  // As Ctrl-C does, to all that runs in the terminal; what it removes at its end, it asks the API for.
  const open = terminals.filter(({ exitCode, signalCode }) => (exitCode ?? signalCode) === null)
  for (const { pid } of open) if (pid) process.kill(-pid, 'SIGINT')
  for (const each of open) {
    await waitFor(() => (each.exitCode ?? each.signalCode) !== null, { what: 'a terminal to end' })
  }
  terminals = []
})

/** Types a block into a new terminal; what it prints. */
function terminal(block: string, env: Record<string, string>): () => string {
  const options = { cwd: repositoryRoot, env: { ...process.env, ...env }, detached: true }
  const shell = spawn('bash', ['-ec', block], options)
  terminals.push(shell)
  let output = ''
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  return () => output
}

/** The blocks of a page, with ports and a Redis that are free, and the ports' new numbers. */
async function blocksOf(folder: string): Promise<string[]> {
  const page = readFileSync(join(repositoryRoot, 'examples', folder, 'README.md'), 'utf8')
  let text = page
    .replaceAll('redis://…', sharedRedisUrl())
    .replaceAll('http://localhost:3000', posthorn.url)
    .replaceAll('POSTHORN_KEY=…', `POSTHORN_KEY=${posthorn.key}`)
  for (const port of ['2525', '8090']) text = text.replaceAll(port, String(await freePort()))
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block)
}

/** What others are to reach says when it can be. */
const isReady = (block: string, said: string) =>
  !/try\.sh|smtp\.mjs|service\.mjs/.test(block) || said.includes('listening on')

async function follow(folder: string): Promise<() => string> {
  const mine = randomUUID()
  const env = {
    ...{ POSTHORN_URL: posthorn.url, POSTHORN_KEY: posthorn.key, PORT: String(await freePort()) },
    ...{ QUEUE: `page-${mine}`, DEVICES: mine, USERS: mine, SESSIONS: mine, REPORT: mine },
  }
  const outputs: (() => string)[] = []
  const said = () => outputs.map((output) => output()).join('\n')
  for (const block of await blocksOf(folder)) {
    const output = terminal(block, env)
    outputs.push(output)
    await waitFor(() => isReady(block, output()), { what: block, context: said })
  }
  return said
}

test.each([
  [
    'welcome-mail',
    ['Good to see you, Alice', 'You have signed in with Safari', ', ops@example.com'],
  ],
  ['notify-crm', ['POST /contacts', 'POST /messages {"text":"Alice Example has registered:']],
  ['assign-roles', ['a role for ylcrsqe4xpjs', 'POST /api/users/ylcrsqe4xpjs/roles']],
  ['sync-users', ['user ylcrsqe4xpjs active', 'user ylcrsqe4xpjs deleted']],
  ['sign-in-report', ['Shop sign-ins: 2 people: 1']],
  ['receiver', ['queued', 'the mail server is busy', 'welcome to contact-ylcrsqe4xpjs', 'done']],
  ['client', ['paid-17 will be', 'paid-17 had been', '1 events will be', 'invalid_input']],
  ['filters', ['gets what fits {"status"', 'nobody gets it (filtered)']],
  ['polling', [/^evt_\S+ invoice\.sent \{"id":"in_7"\}/m]],
  ['sources', ['"duplicate":false', '"duplicate":true', '2 secrets are accepted', 'dlv_']],
  ['end-sessions', ['ended 1 sessions of the role id_1']],
  ['portal', [/^src="http:\S+\/portal$/m]],
])('the page of %s does what it says', async (folder, wanted) => {
  const said = await follow(folder)
  for (const part of wanted) {
    const isSaid = () => (typeof part === 'string' ? said().includes(part) : part.test(said()))
    await waitFor(isSaid, { what: `${part}`, context: said })
  }
})

test('what a page starts it removes at its end', async () => {
  const webhooks = await posthorn.client().all<{ name?: string }>('/v1/webhooks')
  expect(webhooks.filter(({ name }) => name === 'try.sh')).toEqual([])
})

test('every example has a page', () => {
  const folders = globSync('examples/*/*.mjs', { cwd: repositoryRoot }).map((file) =>
    join(file, '..'),
  )
  const without = [...new Set(folders)].filter(
    (folder) => !existsSync(join(repositoryRoot, folder, 'README.md')),
  )
  expect(without).toEqual([])
})
