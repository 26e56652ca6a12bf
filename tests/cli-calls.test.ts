import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CommandLine } from './harness/command-line.ts'
import { nodeBinary, repositoryRoot } from './harness/place.ts'
import { freePort } from './harness/port.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'

// How the command line is called, and what it says of calls that are wrong.

let posthorn: Posthorn
let line: CommandLine

beforeAll(async () => {
  posthorn = await startPosthorn()
  line = await CommandLine.of(posthorn)
})
afterAll(async () => {
  line?.remove()
  await posthorn?.stop()
})

const cli = (args: readonly string[], env: Record<string, string> = {}) => line.run(args, { env })

test('says what is wrong and what to do about it', async () => {
  const none = await cli(['events'], { POSTHORN_KEY: '' })
  expect(none).toMatchObject({ code: 2, err: expect.stringContaining('Set POSTHORN_KEY') })
  const wrong = await cli(['events'], { POSTHORN_KEY: 'wrong' })
  expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/401[\s\S]*--key/) })
  const away = await cli(['publish', 'a', '{', '--url', 'http://127.0.0.1:1'])
  expect(away).toMatchObject({ code: 2, err: expect.stringContaining('data is no JSON') })
  const nobody = `http://127.0.0.1:${await freePort()}`
  const there = ['--wait', '1s', 'events', '--url', nobody]
  const refused = { code: 1, err: expect.stringMatching(/ECONNREFUSED[\s\S]*--url/) }
  expect(await cli(there)).toMatchObject(refused)
  const elsewhere = await cli(['events', '--url', `${posthorn.url}/nowhere`])
  expect(elsewhere).toMatchObject({ code: 1, err: expect.stringMatching(/404[\s\S]*--url/) })
  // What asks no server needs no key.
  const list = await cli(['trigger', '--list'], { POSTHORN_KEY: '' })
  expect(list).toMatchObject({ code: 0, out: expect.stringContaining('PostSignIn') })
  const unknown = await cli(['evnets'])
  expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean events') })
})

test.each([
  ['--url', ['--url', 'nonsense', 'events']],
  ['http://', ['--url', 'localhost:3000', 'events']],
  ['--events', ['bench', '--events', '1.5']],
  ['--limit', ['events', '--limit', '0']],
  ['--receiver', ['bench', '--receiver', '10.0.0.1']],
  ['--forward-to', ['listen', '--forward-to', 'non sense']],
  ['--to', ['webhooks', 'create']],
  ['--secret', ['verify', '{}', '--secret', 'abc', '-H', 'webhook-id: 1']],
  ['/nowhere', ['publish', '--file', '/nowhere']],
  ['line 1', ['publish', '--file', '-']],
])('called wrongly it names %s, and exits with 2', async (named, args) => {
  const { code, err } = await line.run(args, { input: 'no JSON\n' })
  expect(err).toContain(named)
  expect(err).not.toMatch(/^ +at /m)
  expect(code).toBe(2)
})

test('says which one it is', async () => {
  const { out } = await cli(['--version'])
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('finds the Posthorn of npm start by its folder, from below it, and by POSTHORN_HOME', async () => {
  const clone = join(line.folder, 'clone')
  const home = join(clone, '.posthorn')
  const below = join(clone, 'apps')
  for (const path of [home, below]) mkdirSync(path, { recursive: true })
  writeFileSync(join(home, 'keys.json'), JSON.stringify({ POSTHORN_ROOT_KEY: posthorn.key }))
  writeFileSync(join(home, 'run.json'), JSON.stringify({ url: posthorn.url }))
  const nothing = { POSTHORN_URL: '', POSTHORN_KEY: '' }
  const args = ['--tenant', 'cli-found', 'webhooks']
  for (const cwd of [clone, below]) {
    expect(await line.run(args, { env: nothing, cwd })).toMatchObject({ code: 0, err: '' })
  }
  expect(await cli(args, { ...nothing, POSTHORN_HOME: home })).toMatchObject({ code: 0, err: '' })
  expect((await cli(args, nothing)).err).toContain('No API key')
})

test.each([
  ['bash', 'complete -F __posthorn_complete posthorn'],
  ['zsh', 'compdef _posthorn posthorn'],
  ['fish', 'complete -c posthorn'],
])('has a script that completes it in %s', async (shell, registers) => {
  const { out } = await cli(['completion', shell])
  expect(out).toContain(registers)
  expect(out).toContain('posthorn complete --')
})

test.each([
  ['commands', 'dead-letters r', 'redrive'],
  ['options', 'webhooks create --fo', '--format'],
  ['what an option takes', 'dead-letters redrive --reason g', 'gone'],
  ['samples', 'trigger PostSi', 'PostSignIn'],
])('completes %s in bash', async (_what, typed, completed) => {
  const words = ['posthorn', ...typed.split(' ')]
  // The first function is of the package bash-completion, which need not be here.
  const script = `
_get_comp_words_by_ref() { words=(${words.join(' ')}); cword=${words.length - 1}; cur=\${words[-1]}; }
compopt() { :; }
posthorn() { ${nodeBinary} ${line.main} "$@"; }
source <(posthorn completion bash)
__posthorn_complete
printf '%s\\n' "\${COMPREPLY[@]}"`
  const options = { cwd: line.folder, env: line.environment() }
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', script], options)
  expect(stdout).toBe(`${completed}\n`)
})

test('in the repository npm runs it', async () => {
  const options = { cwd: repositoryRoot, env: line.environment() }
  const args = ['run', '--silent', 'posthorn', '--', '--json', 'trigger', 'PostSignIn', '--show']
  const { stdout } = await promisify(execFile)('npm', args, options)
  expect(JSON.parse(stdout)).toMatchObject({ event: 'PostSignIn', userIp: expect.any(String) })
})
