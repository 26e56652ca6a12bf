import { execFileSync } from 'node:child_process'
import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { createLogger } from './log.ts'
import { logOutput } from './log-output.ts'

test('a person at a terminal reads time, level and message, and no secret', async () => {
  const terminal = new PassThrough()
  const log = createLogger('worker', { logLevel: 'info' }, await logOutput(true, terminal))
  log.info({ webhook: 'wh_1', secret: 'whsec_hidden' }, 'attempt')
  const text = stripVTControlCharacters(String(terminal.read()))
  expect(text).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO \(worker\): attempt\n/)
  expect(text).toContain('webhook: "wh_1"')
  expect(text).not.toContain('hidden')
})

test('a pipe gets JSON', () => {
  const here = (file: string) => new URL(file, import.meta.url).href
  const script = `
    import { createLogger } from '${here('log.ts')}'
    import { logOutput } from '${here('log-output.ts')}'
    createLogger('test', { logLevel: 'info' }, await logOutput(process.stdout.isTTY)).info('a line')`
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
  expect(JSON.parse(output)).toMatchObject({ name: 'test', msg: 'a line' })
})
