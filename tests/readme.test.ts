import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from './harness/port.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import { waitFor } from './harness/wait.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

let posthorn: Posthorn
let shell: ChildProcess | undefined

beforeAll(async () => {
  posthorn = await startPosthorn()
})
afterAll(async () => {
  // The shell's own group: the receiver that it has started ends with it.
  if (shell?.pid) process.kill(-shell.pid, 'SIGTERM')
  await posthorn?.stop()
})

/** The shell commands below a heading of the README. */
function commandsOf(heading: string): string {
  const section = readFileSync(`${root}README.md`, 'utf8').split(`## ${heading}\n`)[1] ?? ''
  return /^```sh\n([\s\S]*?)^```/m.exec(section)?.[1] ?? ''
}

function replaced(text: string, what: string, by: string): string {
  expect(text).toContain(what)
  return text.replaceAll(what, by)
}

test('the first event of the README arrives, verified, by its commands as pasted', async () => {
  const port = String(await freePort())
  let commands = replaced(commandsOf('The first event'), 'http://localhost:3000', posthorn.url)
  commands = replaced(commands, 'KEY=…', `KEY=${posthorn.key}`)
  commands = replaced(commands, '127.0.0.1:8080', `127.0.0.1:${port}`)
  const env = { ...process.env, PORT: port }
  // `wait` keeps the shell there as long as its receiver.
  shell = spawn('bash', ['-c', `${commands}\nwait`], { cwd: root, env, detached: true })
  let output = ''
  for (const stream of [shell.stdout, shell.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk
    })
  }
  await waitFor(() => output.includes('received user.created {"id":"u_1","name":"Ada"}'), {
    what: 'the receiver of the README to print the event',
    context: () => output,
  })
  expect(output).not.toContain('refused:')
  await waitFor(() => output.includes('"data":[{"id":"dlv_'), {
    what: 'the README to list the delivery',
    context: () => output,
  })
})
